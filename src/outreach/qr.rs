//! QR codes of links, as files to print.

use qrcode::{Color, EcLevel, QrCode, render::svg::Color as Paint, types::QrError as Unfit};

/// Modules of white around the code (ISO/IEC 18004).
const QUIET: usize = 4;
/// Pixels of a module: a code of 33 modules is 656 wide, sharp at 5 cm on 300 dpi.
const PIXELS: usize = 16;
/// Width of the drawn code, in its own units.
const DRAWN: u32 = 512;

/// A link that no QR code holds, or an image that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum QrError {
    #[error("no QR code holds this: {0}")]
    Unfit(#[from] Unfit),
    #[error("the image cannot be written: {0}")]
    Image(#[from] png::EncodingError),
}

/// A quarter of the code may be dirty or torn (level Q).
fn of(link: &str) -> Result<QrCode, QrError> {
    Ok(QrCode::with_error_correction_level(link, EcLevel::Q)?)
}

/// As SVG, with its white border.
///
/// # Errors
/// [`QrError::Unfit`] for a link of more than about 1,600 bytes.
pub fn svg(link: &str) -> Result<String, QrError> {
    let code = of(link)?;
    let mut drawing = code.render::<Paint<'_>>();
    Ok(drawing.min_dimensions(DRAWN, DRAWN).quiet_zone(true).build())
}

/// As PNG, black and white, 16 pixels a module, with its white border.
///
/// # Errors
/// As [`svg`].
pub fn png(link: &str) -> Result<Vec<u8>, QrError> {
    let code = of(link)?;
    let (modules, colors) = (code.width(), code.to_colors());
    let side = (modules + 2 * QUIET) * PIXELS;
    let is_dark = |x: usize, y: usize| {
        let module = |at: usize| (at / PIXELS).checked_sub(QUIET).filter(|at| *at < modules);
        module(x)
            .zip(module(y))
            .is_some_and(|(x, y)| colors.get(y * modules + x).copied() == Some(Color::Dark))
    };
    // One bit a pixel, each line begins a byte; 1 is white.
    let mut bits = Vec::with_capacity(side * side.div_ceil(8));
    for y in 0..side {
        for byte in 0..side.div_ceil(8) {
            let bit = |at: usize| u8::from(!is_dark(byte * 8 + at, y)) << (7 - at);
            bits.push((0..8).map(bit).fold(0, |byte, bit| byte | bit));
        }
    }
    let mut out = Vec::new();
    let width = u32::try_from(side).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(&mut out, width, width);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.write_header()?.write_image_data(&bits)?;
    Ok(out)
}
