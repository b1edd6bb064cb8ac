//! `safar staff`: accounts. What it does stands in the trail, without a name of who did it.

use std::{path::Path, process::ExitCode, sync::Arc};

use anyhow::bail;
use clap::Subcommand;

use super::{clock, runtime, settings};
use crate::{
    app::{open_key, rules},
    clock::SystemIds,
    config::Config,
    desk::{
        Role,
        staff::{Account, NewAccount, PASSWORD_LINK_HOURS, Staff, Wrong},
    },
    domain::{StaffId, StaffLocale},
    store::Store,
};

/// Zone of an account that names none: that of Dushanbe and Almaty.
const ZONE_DEFAULT: i32 = 300;

#[derive(Subcommand)]
pub enum Command {
    /// Make an account; prints a one-time link with which its owner sets a password.
    Add {
        /// 2 to 40 of a-z, 0-9, dot, hyphen, underscore.
        login: String,
        /// First name or alias: migrants see it.
        #[arg(long)]
        name: String,
        /// May be repeated: consultant, supervisor, editor, publisher, campaigner, admin, viewer.
        #[arg(long, required = true, value_parser = role)]
        role: Vec<Role>,
        /// Language of the pages: ru, tg, ky, en.
        #[arg(long, default_value = "ru", value_parser = super::staff_locale)]
        locale: StaffLocale,
        /// Minutes east of UTC.
        #[arg(long, default_value_t = ZONE_DEFAULT, allow_negative_numbers = true)]
        zone: i32,
    },
    /// List all accounts.
    List,
    /// Lock an account: its sessions end at once.
    Lock { login: String },
    /// Let a locked account in again.
    Unlock { login: String },
    /// Print a new one-time link for the password.
    Reset {
        login: String,
        /// Also take the second step away, for a lost phone.
        #[arg(long)]
        second_step: bool,
    },
}

fn role(text: &str) -> Result<Role, String> {
    let words = Role::ALL.map(Role::as_str).join(", ");
    Role::parse(text).ok_or_else(|| format!("one of {words}"))
}

pub fn run(config: Option<&Path>, command: Command) -> anyhow::Result<ExitCode> {
    let config = settings(config)?;
    runtime()?.block_on(async {
        let store = Store::connect(config.database_url.reveal()).await?;
        store.migrate().await?;
        let ids = Arc::new(SystemIds::new());
        let keys = open_key(&store, &config.secret_key_file, &*ids).await?;
        let staff = Staff::new(store.clone(), keys, clock(), ids, rules(&config));
        let done = act(&staff, &config, command).await;
        store.close().await;
        done.map(|()| ExitCode::SUCCESS)
    })
}

async fn act(staff: &Staff, config: &Config, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add { login, name, role, locale, zone } => {
            let new = NewAccount { login, name, roles: role.into_iter().collect(), locale, zone };
            match staff.add(None, &new).await? {
                Ok(id) => print_link(staff, config, id).await?,
                Err(wrong) => bail!("{}", said(wrong)),
            }
        }
        Command::List => {
            for account in staff.list().await? {
                let roles: Vec<&str> = account.roles.iter().map(Role::as_str).collect();
                println!("{}  {}  {}  {}", account.login, account.name, roles.join(","), standing(&account));
            }
        }
        Command::Lock { login } => lock(staff, &login, true).await?,
        Command::Unlock { login } => lock(staff, &login, false).await?,
        Command::Reset { login, second_step } => {
            let account = find(staff, &login).await?;
            if second_step {
                staff.remove_second_step(None, account.id).await?;
                println!("second step taken away; it is set up anew at the next login if a role needs it");
            }
            print_link(staff, config, account.id).await?;
        }
    }
    Ok(())
}

async fn find(staff: &Staff, login: &str) -> anyhow::Result<Account> {
    match staff.get_by_login(login).await? {
        Some(account) => Ok(account),
        None => bail!("there is no account with the login {login}"),
    }
}

async fn lock(staff: &Staff, login: &str, locked: bool) -> anyhow::Result<()> {
    let account = find(staff, login).await?;
    if let Err(wrong) = staff.set_locked(None, account.id, locked).await? {
        bail!("{}", said(wrong));
    }
    println!("{}: {}", account.login, if locked { "locked" } else { "let in again" });
    Ok(())
}

async fn print_link(staff: &Staff, config: &Config, id: StaffId) -> anyhow::Result<()> {
    let token = staff.password_link(None, id).await?;
    let base = config.public_url.clone().unwrap_or_else(|| format!("http://{}", config.listen));
    println!("{base}/staff/link/{token}");
    println!("It sets the password, works once, and holds for {PASSWORD_LINK_HOURS} hours.");
    Ok(())
}

fn standing(account: &Account) -> &'static str {
    if account.is_locked() {
        "locked"
    } else if !account.has_password {
        "no password yet"
    } else if account.has_second_step {
        "active, second step"
    } else {
        "active"
    }
}

const fn said(wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::Login => "a login is 2 to 40 of a-z, 0-9, dot, hyphen, underscore",
        Wrong::LoginTaken => "this login is taken",
        Wrong::Name => "a name is 1 to 60 characters that can be shown",
        Wrong::Roles => "an account needs a role",
        Wrong::Zone => "a zone is minutes east of UTC, -720 to 840",
        Wrong::Skills | Wrong::Email | Wrong::MaxCases => "a value cannot be used",
        Wrong::LastAdmin => "this is the last active administrator; make another first",
        Wrong::Changed => "somebody changed the account at the same moment; try again",
    }
}
