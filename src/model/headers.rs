//! The header section of a webhook as the store keeps it: `name: value` lines, in the order in which they came, byte for byte.

/// The lines of these fields.
pub fn to_lines<'a>(fields: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut lines = Vec::new();
    for (name, value) in fields {
        lines.extend_from_slice(name.as_bytes());
        lines.extend_from_slice(b": ");
        lines.extend_from_slice(value);
        lines.extend_from_slice(b"\r\n");
    }
    lines
}

/// The fields of such lines. What is no field, as a damaged store may hold, is left out.
pub fn fields(lines: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    lines.split(|&byte| byte == b'\n').filter_map(|line| {
        let colon = line.iter().position(|&byte| byte == b':')?;
        Some((&line[..colon], line[colon + 1..].trim_ascii()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_back_as_they_were_stored() {
        let stored: [(&str, &[u8]); 4] = [("x-a", b"1"), ("x-a", b"2: 3"), ("x-b", b"gr\xfc\xdfe"), ("x-c", b"")];
        let lines = to_lines(stored);
        assert_eq!(lines, b"x-a: 1\r\nx-a: 2: 3\r\nx-b: gr\xfc\xdfe\r\nx-c: \r\n");
        assert!(fields(&lines).eq(stored.map(|(name, value)| (name.as_bytes(), value))));
        assert!(fields(b"no field\r\n:\r\nx-a:1").eq([(&b""[..], &b""[..]), (b"x-a", b"1")]));
    }
}
