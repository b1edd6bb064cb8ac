//! A browser without a screen: cookies, forms, no script.

use std::collections::BTreeMap;

use reqwest::{Client, Method, Response, header, multipart, redirect};
use safar::{
    desk::{
        Role,
        staff::{NewAccount, Staff},
    },
    domain::StaffLocale,
    privacy::totp,
};

use super::service::from_base32;
use crate::support::app::TestApp;

pub const PASSWORD: &str = "long enough to pass";

/// What a page answered.
pub struct Page {
    pub status: u16,
    pub location: String,
    pub headers: header::HeaderMap,
    pub text: String,
}

impl Page {
    /// The value of a form's field of this name.
    pub fn field(&self, name: &str) -> String {
        let start =
            self.text.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("{name}: {}", self.text));
        let rest = &self.text[start..];
        let value = rest.split_once("value=\"").unwrap().1;
        value.split_once('"').unwrap().0.to_owned()
    }
}

/// Somebody with a browser.
pub struct Visitor<'a> {
    app: Option<&'a TestApp>,
    /// Address of the program, without a path.
    base: String,
    client: Client,
    pub cookies: BTreeMap<String, String>,
    /// Sent with each request.
    pub headers: BTreeMap<&'static str, String>,
}

impl<'a> Visitor<'a> {
    pub fn of(app: &'a TestApp) -> Self {
        Self { app: Some(app), ..Self::at(app.url("")) }
    }

    /// At a program of its own.
    pub fn at(base: String) -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        Self { app: None, base, client, cookies: BTreeMap::new(), headers: BTreeMap::new() }
    }

    async fn send(&mut self, method: Method, path: &str, form: Option<&[(&str, &str)]>) -> Page {
        self.try_send(method, path, form).await.unwrap()
    }

    async fn try_send(
        &mut self,
        method: Method,
        path: &str,
        form: Option<&[(&str, &str)]>,
    ) -> Result<Page, reqwest::Error> {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(form) = form {
            let body = serde_html_form::to_string(form).unwrap();
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        }
        self.read(request.send().await?).await
    }

    /// Posts a form with fields in their order, and a file last, as browsers send it.
    pub async fn try_post_file(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        file: Option<(&str, &[u8])>,
    ) -> Result<Page, reqwest::Error> {
        let mut form = multipart::Form::new().percent_encode_noop();
        for (name, value) in fields {
            form = form.text((*name).to_owned(), (*value).to_owned());
        }
        // A field where nothing was chosen comes with an empty name.
        let (name, bytes) = file.unwrap_or_default();
        let part = multipart::Part::bytes(bytes.to_vec()).file_name(name.to_owned());
        let form = form.part("file", part.mime_str("application/octet-stream").unwrap());
        let mut request = self.client.post(format!("{}{path}", self.base)).multipart(form);
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request = request.header(header::COOKIE, cookies.join("; "));
        self.read(request.send().await?).await
    }

    async fn read(&mut self, answer: Response) -> Result<Page, reqwest::Error> {
        self.keep(&answer);
        let headers = answer.headers().clone();
        let location =
            headers.get(header::LOCATION).map_or_else(String::new, |to| to.to_str().unwrap().to_owned());
        Ok(Page { status: answer.status().as_u16(), location, headers, text: answer.text().await? })
    }

    fn keep(&mut self, answer: &Response) {
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("; HttpOnly; SameSite=Strict"), "{cookie}");
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, None).await
    }

    /// The same of a program that may be dead just now.
    pub async fn try_get(&mut self, path: &str) -> Option<Page> {
        self.try_send(Method::GET, path, None).await.ok()
    }

    pub async fn try_post_raw(&mut self, path: &str, form: &[(&str, &str)]) -> Option<Page> {
        self.try_send(Method::POST, path, Some(form)).await.ok()
    }

    /// Posts a form as it is.
    pub async fn post_raw(&mut self, path: &str, form: &[(&str, &str)]) -> Page {
        self.send(Method::POST, path, Some(form)).await
    }

    /// Posts a form that may bring a file: its name and what it holds.
    pub async fn post_file(
        &mut self,
        path: &str,
        form: &[(&str, &str)],
        file: Option<(&str, &[u8])>,
    ) -> Page {
        const BOUNDARY: &str = "safar-test-boundary";
        let mut body = Vec::new();
        for (name, value) in form {
            let part =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.as_bytes());
        }
        // Without a choice a browser sends an empty file without a name.
        let (name, bytes) = file.unwrap_or(("", b""));
        let part = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
            Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(part.as_bytes());
        body.extend(bytes);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.client.post(format!("{}{path}", self.base)).body(body);
        let request =
            request.header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
        let answer = request.header(header::COOKIE, cookies.join("; ")).send().await.unwrap();
        let headers = answer.headers().clone();
        let location =
            headers.get(header::LOCATION).map_or_else(String::new, |to| to.to_str().unwrap().to_owned());
        Page { status: answer.status().as_u16(), location, headers, text: answer.text().await.unwrap() }
    }

    /// Opens a page and posts a form with the token that stands in it.
    pub async fn post(&mut self, from: &str, path: &str, form: &[(&str, &str)]) -> Page {
        let csrf = self.get(from).await.field("csrf");
        let mut form = form.to_vec();
        form.push(("csrf", &csrf));
        self.post_raw(path, &form).await
    }

    /// Logs in; where it leads.
    pub async fn log_in(&mut self, login: &str) -> String {
        let page =
            self.post("/staff/login", "/staff/login", &[("login", login), ("password", PASSWORD)]).await;
        assert_eq!(page.status, 303, "{}", page.text);
        page.location
    }

    /// Sets up the second step that the pages ask for; its secret.
    pub async fn enrol(&mut self) -> Vec<u8> {
        use safar::clock::Clock as _;
        let page = self.get("/staff/second-step").await;
        let key = page.text.split_once("<code class=\"once\">").unwrap().1.split_once('<').unwrap().0;
        let secret = from_base32(key);
        let code = totp::code_at(&secret, self.app.unwrap().clock.now()).unwrap();
        let (sealed, csrf) = (page.field("sealed"), page.field("csrf"));
        let form = [("csrf", csrf.as_str()), ("sealed", &sealed), ("code", &code)];
        let page = self.post_raw("/staff/second-step", &form).await;
        assert_eq!((page.status, page.text.matches("<li><code").count()), (200, 10), "{}", page.text);
        secret
    }
}

/// An account with a password.
pub async fn account(app: &TestApp, login: &str, roles: &[Role]) -> safar::domain::StaffId {
    account_in(&app.app.staff, login, roles).await
}

pub async fn account_in(staff: &Staff, login: &str, roles: &[Role]) -> safar::domain::StaffId {
    let new = NewAccount {
        login: login.to_owned(),
        name: format!("Name of {login}"),
        roles: roles.iter().copied().collect(),
        locale: StaffLocale::En,
        zone: 300,
    };
    let id = staff.add(None, &new).await.unwrap().unwrap();
    let token = staff.password_link(None, id).await.unwrap();
    staff.set_by_link(&token, PASSWORD).await.unwrap();
    id
}
