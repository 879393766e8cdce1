import CEL
import Testing

@Suite("network") struct NetworkTests {
  static let bad: [String] = [
    "", ".", "1", "1.2.3", "1.2.3.4.5", "1.2.3.4.", ".1.2.3.4", "1..2.3", "01.2.3.4", "1.2.3.256",
    "1.2.3.-4", "1.2.3.4 ", "1.2.3.٣", "0x1.2.3.4", ":", ":::", "1:", ":1", "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::", "g::", "::1%eth0",
    "fe80::1%", "::ffff:1.2.3.4", "::ffff:1.2.3", "1.2.3.4::", "::1.2.3.4:5",
    "1:2:3:4:5:6:7:1.2.3.4",
    "::1.2.3.4.5", "[::1]", String(repeating: "0", count: 100_000),
  ]

  @Test(arguments: bad) func isRefused(_ text: String) {
    #expect(Outcome.of("isIP(x)", ["x": .string(text)]) == "false")
    #expect(Outcome.of("ip(x)", ["x": .string(text)]) == "error: invalid_conversion")
  }

  static let canonical: [(String, String)] = [
    ("1.2.3.4", "1.2.3.4"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("::", "::"), ("1::", "1::"),
    ("0:0:1:0:0:0:1:0", "0:0:1::1:0"), ("1:0:1:0:1:0:1:0", "1:0:1:0:1:0:1:0"),
    ("1:0:0:1:0:0:1:1", "1::1:0:0:1:1"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ("::1.2.3.4", "::102:304"), ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
    ("::ffff:c0a8:1", "192.168.0.1"),
  ]

  @Test(arguments: canonical) func text(_ text: String, _ expected: String) {
    #expect(Outcome.of("string(ip(x))", ["x": .string(text)]) == "\"\(expected)\"")
    #expect(
      Outcome.of("ip.isCanonical(x)", ["x": .string(text)]) == (text == expected ? "true" : "false")
    )
  }

  static let table: [Outcome] = [
    Outcome("ip('::ffff:c0a8:1') == ip('192.168.0.1')", "true"),
    Outcome("ip('1.1.1.1') in [ip('::1'), ip('1.1.1.1')]", "true"),
    Outcome("ip('1.1.1.1')", "net.IP(\"1.1.1.1\")"),
    Outcome("cidr('10.0.0.1/8').masked()", "net.CIDR(\"10.0.0.0/8\")"),
    Outcome("cidr('10.0.0.1/8').ip() == ip('10.0.0.1')", "true"),
    Outcome("cidr('10.0.0.0/8') == cidr('10.0.0.0/9')", "false"),
    Outcome("cidr('0.0.0.0/0').containsIP('255.255.255.255')", "true"),
    Outcome("cidr('0.0.0.0/0').containsIP('::1')", "false"),
    Outcome("cidr('2001:db8::/33').masked() == cidr('2001:db8:7fff::/33').masked()", "true"),
    Outcome("cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')", "true"),
    Outcome("cidr('10.0.0.0/8').containsCIDR('10.0.0.0/7')", "false"),
    Outcome("cidr('10.0.0.0/8').containsIP('nonsense')", "error: invalid_conversion"),
    Outcome("cidr('10.0.0.0/8').containsIP(dyn(1))", "error: no_such_overload"),
    Outcome("cidr('::/128').prefixLength()", "128"),
    Outcome("cidr('10.0.0.1/8').isMask()", "false"),
    Outcome(
      "['1.2.3.4', '1.2.3.4/', '1.2.3.4/08', '1.2.3.4/-1', '1.2.3.4/33', '::/129', '::/1/2', '/8', '::ffff:c0a8:1/112', '1.2.3.4/1234567890123'].exists(x, isCIDR(x))",
      "false"),
    Outcome("ip('fe80::1').isLinkLocalUnicast() && ip('febf::').isLinkLocalUnicast()", "true"),
    Outcome("ip('fec0::').isLinkLocalUnicast()", "false"),
    Outcome(
      "ip('255.255.255.255').isGlobalUnicast() || ip('224.0.0.1').isGlobalUnicast()", "false"),
    Outcome("ip('10.0.0.1').isGlobalUnicast()", "true"),
    Outcome("dyn(cidr('::/0')).family()", "error: no_such_overload"),
    Outcome("type(ip('::1')) == net.IP && type(cidr('::/1')) == net.CIDR", "true"),
    Outcome("ip('1.1.1.1') < ip('1.1.1.2')", "refused"),
  ]

  @Test(arguments: table) func outcome(_ outcome: Outcome) {
    #expect(outcome.actual() == outcome.expected)
  }

  @Test("opaque values go out and come back in") func roundTrip() {
    let address = CELValue.opaque(type: "net.IP", text: "1.2.3.4")
    #expect(Outcome.of("x == ip('1.2.3.4')", ["x": address]) == "true")
  }
}
