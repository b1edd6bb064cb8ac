//! IATI 2.03: one activity with its results (indicators.md §2.1).
//!
//! `new` by quarter, which adds up; what is hidden is left out, never zero. Two narratives: English, and Russian beside
//! it. The schema does not check codes: those of the settings are checked when these are read.

use quick_xml::{Writer, events::BytesText};

use super::{Export, Said};
use crate::{
    domain::{Day, StaffLocale},
    indicators::{Dimension, Iati, Indicator, Shown},
    report::{
        ReportError, Words,
        view::Published,
        words::{first_day, last_day},
    },
};

pub const EXPORT: Export = Export {
    name: "iati",
    ending: "xml",
    mime: "application/xml",
    is_published: true,
    is_by_month: false,
    is_by_country: false,
    write,
};

/// Result types: 1 output, 2 outcome. Process figures are not published here.
const RESULTS: [(Indicator, &str); 10] = [
    (Indicator::R2, "1"),
    (Indicator::S1, "1"),
    (Indicator::S2, "1"),
    (Indicator::S3, "1"),
    (Indicator::O2, "1"),
    (Indicator::O3, "1"),
    (Indicator::T1, "1"),
    (Indicator::A1, "1"),
    (Indicator::H1, "2"),
    (Indicator::P1, "2"),
];
/// What an `actual` is split by, beside the total.
const DIMENSIONS: [Dimension; 3] = [Dimension::Sex, Dimension::Age, Dimension::Stay];
/// SectorVocabulary DAC, TagVocabulary SDG targets, IndicatorVocabulary of the reporting organisation.
const DAC: &str = "1";
const SDG_TARGETS: &str = "3";
const OWN: &str = "99";
/// IndicatorMeasure: unit.
const UNIT: &str = "1";

type Xml = Writer<Vec<u8>>;

struct Activity<'a> {
    said: &'a Said<'a>,
    iati: &'a Iati,
    /// The language of the file.
    english: Words<'a>,
    russian: Words<'a>,
}

fn write(said: &Said<'_>) -> Result<Vec<u8>, ReportError> {
    let iati = said.view.settings().exports.iati.as_ref().ok_or(ReportError::Section("iati"))?;
    let words = |locale| Words { texts: said.words.texts, locale };
    let activity = Activity { said, iati, english: words(StaffLocale::En), russian: words(StaffLocale::Ru) };
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    activity.write(&mut xml).map_err(|error| ReportError::Write(error.to_string()))?;
    let mut bytes = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_vec();
    bytes.extend(xml.into_inner());
    bytes.push(b'\n');
    Ok(bytes)
}

impl Activity<'_> {
    fn write(&self, xml: &mut Xml) -> std::io::Result<()> {
        let at = self.said.view.report.made_at.to_iso();
        let root = xml.create_element("iati-activities");
        let root = root.with_attributes([("version", "2.03"), ("generated-datetime", at.as_str())]);
        root.write_inner_content(|xml| {
            let activity = xml.create_element("iati-activity").with_attributes([
                ("default-currency", self.iati.default_currency.as_str()),
                ("xml:lang", "en"),
                ("last-updated-datetime", &at),
            ]);
            activity.write_inner_content(|xml| {
                self.head(xml)?;
                for (indicator, kind) in RESULTS {
                    self.result(xml, indicator, kind)?;
                }
                Ok(())
            })?;
            Ok(())
        })?;
        Ok(())
    }

    /// All before the results, in the order of the schema.
    fn head(&self, xml: &mut Xml) -> std::io::Result<()> {
        let settings = self.said.view.settings();
        xml.create_element("iati-identifier").write_text_content(BytesText::new(&self.iati.identifier))?;
        let org = &self.iati.reporting_org;
        let kind = org.kind.to_string();
        xml.create_element("reporting-org")
            .with_attributes([("ref", org.reference.as_str()), ("type", &kind)])
            .write_inner_content(|xml| narrative(xml, &org.name, None))?;
        xml.create_element("title").write_inner_content(|xml| {
            narrative(xml, settings.title.get(StaffLocale::En), None)?;
            narrative(xml, settings.title.get(StaffLocale::Ru), Some("ru"))
        })?;
        xml.create_element("description").with_attribute(("type", "1")).write_inner_content(|xml| {
            narrative(xml, &self.english.t("report-iati-description"), None)?;
            narrative(xml, &self.russian.t("report-iati-description"), Some("ru"))
        })?;
        for one in &self.iati.participating_orgs {
            let (role, kind) = (one.role.to_string(), one.kind.to_string());
            xml.create_element("participating-org")
                .with_attributes([("ref", one.reference.as_str()), ("role", &role), ("type", &kind)])
                .write_inner_content(|xml| narrative(xml, &one.name, None))?;
        }
        if self.iati.participating_orgs.is_empty() {
            // The schema wants one: who reports also carries it out.
            xml.create_element("participating-org")
                .with_attributes([("ref", org.reference.as_str()), ("role", "4"), ("type", &kind)])
                .write_inner_content(|xml| narrative(xml, &org.name, None))?;
        }
        let (start, end) = (settings.rules.start, settings.rules.end);
        let today = self.said.view.report.made_at.day(settings.rules.offset_minutes);
        let status = match today {
            _ if today < start => "1",
            _ if today > end => "3",
            _ => "2",
        };
        xml.create_element("activity-status").with_attribute(("code", status)).write_empty()?;
        // A day to come is a planned one.
        let date = |xml: &mut Xml, kind: &str, day: Day| -> std::io::Result<()> {
            let day = day.to_string();
            let date = xml.create_element("activity-date");
            date.with_attributes([("iso-date", day.as_str()), ("type", kind)]).write_empty()?;
            Ok(())
        };
        date(xml, if start <= today { "2" } else { "1" }, start)?;
        date(xml, if end < today { "4" } else { "3" }, end)?;
        let scope = self.iati.scope.to_string();
        xml.create_element("activity-scope").with_attribute(("code", scope.as_str())).write_empty()?;
        for (country, percentage) in &self.iati.countries {
            let percentage = percentage.to_string();
            let country = xml.create_element("recipient-country").with_attribute(("code", country.as_str()));
            country.with_attribute(("percentage", percentage.as_str())).write_empty()?;
        }
        let sector = [("code", self.iati.sector.as_str()), ("vocabulary", DAC)];
        xml.create_element("sector").with_attributes(sector).write_empty()?;
        for target in &self.iati.sdg_targets {
            let tag = [("code", target.as_str()), ("vocabulary", SDG_TARGETS)];
            xml.create_element("tag").with_attributes(tag).write_empty()?;
        }
        Ok(())
    }

    fn result(&self, xml: &mut Xml, indicator: Indicator, kind: &str) -> std::io::Result<()> {
        let settings = self.said.view.settings();
        let Some(line) = settings.indicators.get(&indicator) else { return Ok(()) };
        let published = self.said.view.published(indicator, &DIMENSIONS);
        if published.is_empty() && line.target.is_none() {
            return Ok(());
        }
        let (english, russian) = (line.wording.get(StaffLocale::En), line.wording.get(StaffLocale::Ru));
        let title = |xml: &mut Xml| -> std::io::Result<()> {
            xml.create_element("title").write_inner_content(|xml| {
                narrative(xml, english, None)?;
                narrative(xml, russian, Some("ru"))
            })?;
            Ok(())
        };
        // A household whose income rose may say otherwise later: its quarters do not add up.
        let adds_up = if indicator == Indicator::H1 { "0" } else { "1" };
        let result =
            xml.create_element("result").with_attributes([("type", kind), ("aggregation-status", "0")]);
        result.write_inner_content(|xml| {
            title(xml)?;
            let of = [("measure", UNIT), ("ascending", "1"), ("aggregation-status", adds_up)];
            xml.create_element("indicator").with_attributes(of).write_inner_content(|xml| {
                title(xml)?;
                self.description(xml, indicator)?;
                let uri = format!("{}#{}", self.iati.indicator_uri.trim_end_matches('#'), indicator.as_str());
                let reference =
                    [("vocabulary", OWN), ("code", indicator.as_str()), ("indicator-uri", uri.as_str())];
                xml.create_element("reference").with_attributes(reference).write_empty()?;
                self.baseline(xml, line.baseline)?;
                for period in &published {
                    self.period(xml, indicator, period)?;
                }
                self.target(xml, line.target)
            })?;
            Ok(())
        })?;
        Ok(())
    }

    fn description(&self, xml: &mut Xml, indicator: Indicator) -> std::io::Result<()> {
        let version = self.said.view.settings().version;
        let k = self.said.view.settings().threshold(indicator);
        let unit = if indicator == Indicator::H1 { "report-iati-latest" } else { "report-iati-new" };
        xml.create_element("description").write_inner_content(|xml| {
            for (words, lang) in [(self.english, None), (self.russian, Some("ru"))] {
                let about = words.t(&format!("report-definition-{}", indicator.as_str()));
                let how = words.with(unit, &[("code", &indicator.as_str()), ("version", &version)]);
                let hidden =
                    if k > 0 { words.with("report-iati-hidden", &[("k", &k)]) } else { String::new() };
                narrative(xml, format!("{how} {about} {hidden}").trim_end(), lang)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    fn baseline(&self, xml: &mut Xml, baseline: u64) -> std::io::Result<()> {
        let start = self.said.view.settings().rules.start;
        let before = start.pred_opt().unwrap_or(start);
        let (day, value) = (before.to_string(), baseline.to_string());
        let year = day.split('-').next().unwrap_or_default().to_owned();
        let element = xml.create_element("baseline").with_attributes([
            ("year", year.as_str()),
            ("iso-date", &day),
            ("value", &value),
        ]);
        element.write_inner_content(|xml| self.comment(xml, "report-iati-baseline", &[]))?;
        Ok(())
    }

    fn period(&self, xml: &mut Xml, indicator: Indicator, period: &Published) -> std::io::Result<()> {
        let (Some(first), Some(last)) = (first_day(period.first), last_day(period.last)) else {
            return Ok(());
        };
        let rules = &self.said.view.settings().rules;
        xml.create_element("period").write_inner_content(|xml| {
            days(xml, first.max(rules.start), last.min(rules.end))?;
            let value = period.total.to_string();
            let actual = xml.create_element("actual").with_attribute(("value", value.as_str()));
            if period.provisional {
                actual.write_inner_content(|xml| self.comment(xml, "report-iati-provisional", &[]))?;
            } else if period.total == period.reported {
                actual.write_empty()?;
            } else {
                let on = self.said.view.report.as_of.day(rules.offset_minutes);
                let from = period.reported;
                actual.write_inner_content(|xml| {
                    self.comment(xml, "report-iati-restated", &[("day", &on), ("from", &from)])
                })?;
            }
            if !indicator.is_of_persons() {
                return Ok(());
            }
            for (dimension, cells) in &period.splits {
                for (value, shown) in cells {
                    let Shown::Number(number) = shown else { continue };
                    let number = number.to_string();
                    let name = self.english.t(&format!("report-iati-by-{}", dimension.as_str()));
                    let label = match (dimension, value.as_str()) {
                        (Dimension::Sex, sex) => self.english.t(&format!("report-iati-sex-{sex}")),
                        (Dimension::Stay, code) if code != crate::indicators::UNKNOWN => code.to_owned(),
                        (dimension, value) => self.english.value(*dimension, value),
                    };
                    let actual = xml.create_element("actual").with_attribute(("value", number.as_str()));
                    actual.write_inner_content(|xml| {
                        let of = [("name", name.as_str()), ("value", label.as_str())];
                        xml.create_element("dimension").with_attributes(of).write_empty()?;
                        Ok(())
                    })?;
                }
            }
            Ok(())
        })?;
        Ok(())
    }

    /// The target is that of the whole programme.
    fn target(&self, xml: &mut Xml, target: Option<u64>) -> std::io::Result<()> {
        let Some(target) = target else { return Ok(()) };
        let rules = &self.said.view.settings().rules;
        xml.create_element("period").write_inner_content(|xml| {
            days(xml, rules.start, rules.end)?;
            let value = target.to_string();
            let element = xml.create_element("target").with_attribute(("value", value.as_str()));
            element.write_inner_content(|xml| self.comment(xml, "report-iati-target", &[]))?;
            Ok(())
        })?;
        Ok(())
    }

    fn comment(
        &self,
        xml: &mut Xml,
        id: &str,
        variables: &[(&str, &dyn std::fmt::Display)],
    ) -> std::io::Result<()> {
        xml.create_element("comment").write_inner_content(|xml| {
            narrative(xml, &self.english.with(id, variables), None)?;
            narrative(xml, &self.russian.with(id, variables), Some("ru"))
        })?;
        Ok(())
    }
}

fn days(xml: &mut Xml, first: Day, last: Day) -> std::io::Result<()> {
    for (name, day) in [("period-start", first), ("period-end", last)] {
        let day = day.to_string();
        xml.create_element(name).with_attribute(("iso-date", day.as_str())).write_empty()?;
    }
    Ok(())
}

fn narrative(xml: &mut Xml, text: &str, lang: Option<&str>) -> std::io::Result<()> {
    let element = xml.create_element("narrative");
    let element = match lang {
        Some(lang) => element.with_attribute(("xml:lang", lang)),
        None => element,
    };
    element.write_text_content(BytesText::new(text))?;
    Ok(())
}
