import GateServer
import Testing

@Suite struct WireHeadersTests {
  /// Names of fields are equal whatever the case of their letters, and of nothing else.
  @Test(arguments: [
    ("Content-Type", "content-type", true), ("X-Opaque-Id", "x-oPAQUE-iD", true),
    ("A", "a", true), ("Z", "z", true), ("", "", true), ("Accept", "Accep", false),
    // These differ by the bit that makes letters small.
    ("a@", "a`", false), ("a[", "a{", false), ("a\r", "a-", false), ("A^", "A~", false),
    // The Kelvin sign is a k to those who fold more than ASCII.
    ("\u{212A}ey", "key", false), ("É", "é", false),
  ]) func namesHaveNoCase(_ one: String, _ other: String, _ areSame: Bool) {
    var headers: WireHeaders = [one: "value", "Other": "else"]
    #expect((headers[other] == "value") == areSame)
    #expect(headers.all(other) == (areSame ? ["value"] : []))
    headers.remove(other)
    #expect(headers.fields.count == (areSame ? 1 : 2))
  }

  @Test func keepsAllOfAName() {
    var headers: WireHeaders = ["Via": "one", "Host": "h", "via": "two"]
    #expect(headers["VIA"] == "one" && headers.all("VIA") == ["one", "two"])
    headers.set("VIA", "three")
    #expect(headers.all("via") == ["three"] && headers["host"] == "h")
  }
}
