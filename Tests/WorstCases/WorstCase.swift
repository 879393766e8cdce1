public import CEL

/// The most expensive expressions that we could think of, one kind of operation each: every one of
/// them spends the whole budget, or ends at a limit of memory.
///
/// `bench --only worst` says how long each takes; `CalibrationTests` sees to it that each is stopped.
public struct WorstCase: Sendable, CustomStringConvertible {
  /// The kind of operation.
  public let family: String
  /// What is evaluated, over `bindings`.
  public let expression: String

  /// The kind and the expression.
  public var description: String { "\(family): \(expression)" }

  init(_ family: String, _ expression: String) {
    self.family = family
    self.expression = expression
  }

  /// An environment with everything switched on, the variables declared and without type checks, so
  /// that nothing is refused; what a loop does again and again is done again and again.
  public static var environment: Environment {
    var environment = Environment(extensions: .all)
    environment.checksTypes = false
    environment.optimizes = false
    for name in bindings.keys { environment.declare(name) }
    return environment
  }

  /// What the expressions read: texts of a megabyte, lists of a thousand.
  public static let bindings: [String: CELValue] = [
    "l": .list((0..<1_000).map { .int(Int64($0)) }),
    "t": .list((0..<1_000).map { .string("text number \($0)") }),
    "d": .list((0..<1_000).map { .double(1.0 / Double($0 + 3)) }),
    "h": .list((0..<1_000).map { .double(1e300 / Double($0 + 3)) }),
    "q": .list((0..<1_000).map { .double(.leastNonzeroMagnitude * Double($0 + 3)) }),
    "m": .map((0..<1_000).map { .init(.string("key \($0)"), .int(Int64($0))) }),
    "mi": .map((0..<1_000).map { .init(.int(Int64($0 * 7_919)), .int(Int64($0))) }),
    "n": .list(
      (0..<1_000).map { .list([.int(Int64($0)), .list([.string("x\($0)"), .double(0.5)])]) }),
    "w": .list(
      (0..<1_000).map {
        .timestamp(seconds: Int64($0) * 86_399_999 - 62_000_000_000, nanoseconds: 123_456_789)
      }),
    "r": .list((0..<1_000).map { .duration(Int64($0) * 1_000_000_007) }),
    "s": .string(String(repeating: "ab", count: 500_000)),
    "a": .string(String(repeating: "a", count: 1_000_000)),
    "a16": .string(String(repeating: "a", count: 15) + "b"),
    "a32": .string(String(repeating: "a", count: 31) + "b"),
    "a1000": .string(String(repeating: "a", count: 1_000) + "b"),
    "u": .string(String(repeating: "äλ漢😀", count: 20_000)),
    "z": .string(String(repeating: "0", count: 1_000_000) + "1"),
    "f": .string("0." + String(repeating: "1234567890", count: 100_000)),
    "sp": .string(String(repeating: " ", count: 1_000_000) + "x"),
    "y": .bytes([UInt8](repeating: 0xe2, count: 1_000_000)),
    "b64": .string(String(repeating: "QUJD", count: 250_000)),
    "sets": .string((0..<600).map { "[\u{1}-\(Unicode.Scalar(0x4e00 + $0) ?? "x")]" }.joined()),
    "classes": .string("(?i)" + String(repeating: "[\\pL\\d]", count: 1_200)),
    "folded": .string("(?i)" + String(repeating: "[^\\pL]\\pN", count: 800)),
    "ips": .list((0..<1_000).map { .string("2001:db8::\($0)") }),
  ]

  /// A body that is repeated as often as the budget lets it.
  private static func again(_ family: String, _ bodies: String...) -> [WorstCase] {
    bodies.map { WorstCase(family, "l.all(i, l.all(j, \($0)))") }
  }

  /// All of them, by family.
  public static let all: [WorstCase] =
    loops + texts + conversions + regexes + collections + others

  private static let loops =
    again(
      "nested loops", "l.all(k, i + j + k >= 0)", "l.exists_one(k, k == j) || true",
      "l.map(k, k) != []", "l.filter(k, k > 1) != [] && l.transformMap(x, y, y) != {}")
    + [
      WorstCase("list building", "l.map(i, l.map(j, l.map(k, k)))"),
      WorstCase("list building", "l.map(i, l.map(j, [i, j]))"),
      WorstCase("list building", "l.map(i, l).map(x, x + l + x).map(x, x + x + x)"),
      WorstCase("list building", "(0 in l ? lists.range(400000) : l) + lists.range(500000)"),
    ]
    + again("map building", "{i: j, j + 1000000: i} != {}", "l.transformMap(k, v, v + i) != {}")
    + again("equality", "n == n", "m == m", "l != l + [1]", "[n, n] != [n, n, 1]")
    + again("look-up", "m['key ' + string(i)] >= 0", "mi[i * 7919] >= 0", "m['key 999'] == 999")
    + again("membership", "i in l", "-1 in l || true", "'nothing' in t || true", "1.5 in d || true")

  private static let texts =
    again(
      "text building", "s + string(i) != s", "'x' + string(i * 1000 + j) != s",
      "string(i) + string(j) != ''", "t.join(',') != ''", "t.join(s) != ''")
    + again("size", "size(s) > 0", "size(u) > 0")
    + again(
      "search", "!s.contains('zzzzzzzzzzzz')", "!a.contains(a16)", "!a.contains(a32)",
      "!a.contains(a1000)", "a.indexOf(a16) == -1", "a.lastIndexOf('b' + a1000) == -1",
      "a.lastIndexOf(a16) == -1", "!s.startsWith(a)", "s.startsWith(s)", "s < s + 'a'",
      "u.indexOf('x') == -1")
    + again(
      "replace and split", "a.replace('a', 'b') != s", "a.replace('a', '') == ''",
      "a.split('') != []", "s.split('a') != []", "a.replace(a16, 'x') != ''", "u.split('') != []",
      "s.replace('ab', 'cd') != s")
    + again(
      "text shapes", "s.lowerAscii() == s", "s.upperAscii() != s", "u.reverse() != u",
      "strings.quote(s) != s", "sp.trim() == 'x'", "u.charAt(79999) != ''",
      "u.substring(79000) != ''", "s.substring(1, 999999) != s")
    + again(
      "format", "'%s'.format([s]) == s", "'%s'.format([n]) != ''", "'%s'.format([m]) != ''",
      "'%.100f'.format([h[i]]) != ''", "'%.100e'.format([q[i]]) != ''", "'%d'.format([i]) != ''",
      "'%X'.format([s]) != ''", "'%b %o %x'.format([i, i, i]) != ''",
      "'%s %s'.format([w[i], r[j]]) != ''",
      "'%.100f%.100f%.100f%.100f'.format([h[i], h[j], q[i], q[j]]) != ''", "'%s'.format([y]) != ''",
      "'%s'.format([d]) != ''")

  private static let conversions =
    again(
      "conversions", "int(z) == 1", "double(z) == 1.0", "double(f) > 0.0", "uint(z) == 1u",
      "string(d[i]) != ''", "string(h[j]) != ''", "string(q[i]) != ''",
      "double(string(q[i])) > 0.0",
      "bytes(s) != b''", "string(bytes(s)) != ''", "int(string(i)) == i",
      "timestamp(string(w[i])) == w[i]", "duration(string(r[i])) == r[i]", "type(i) == int",
      "int(s) == 0 || true", "double('1e400' + string(i)) == 1.0 || true", "bool(s) || true")
    + again(
      "timestamps", "w[i].getFullYear() > 0", "w[i].getDayOfYear('+01:30') >= 0",
      "w[i] + r[j] != w[j] || true", "timestamp('2026-01-02T03:04:05Z') != w[i]",
      "w[i] - w[j] != r[i] || true")
    + again(
      "encoders", "base64.encode(bytes(s)) != ''", "base64.decode(b64) != b''",
      "json.encode(n) != ''", "json.encode(m) != ''", "json.encode(s) != ''",
      "json.encode(d) != ''", "json.encode(y) != ''")

  private static let regexes =
    again(
      "regex matches", "!s.matches('(a|b)*c')", "!a.matches('(a+)+$b')", "!a.matches(a1000)",
      "!a.matches('a{30}b')", "!a.matches('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab')",
      "!s.matches('(a|b)*a(a|b){60}c')", "!s.matches('(a|b)*a(a|b){12}c')",
      "!s.matches('((a|b){1,30}){1,30}c')", "!u.matches('[α-ω]+[^α-ω]\\\\pL+x')",
      "!u.matches('(?i)(\\\\pL|\\\\pN){40}x')", "s.matches('(a?){100}a{100}') || true",
      "!'abcabc'.matches('(x+x+)+y')", "!s.matches('(\\\\w+\\\\b)*x$')",
      "!u.matches('^(.|\\\\n)*x')")
    + again(
      "regex built in the loop", "!'x'.matches('(a|b)*c' + string(i * 1000 + j))",
      "!'x'.matches('\\\\pL{900}' + string(i * 1000 + j))",
      "!'x'.matches('(?i)[\\\\pL\\\\d]{100}(\\\\p{Greek}|\\\\pN){900}' + string(j))",
      "!'x'.matches('((a{10}){10}b{10}){10}' + string(i * 1000 + j))",
      "!a.matches('b' + string(i * 1000 + j))", "!'x'.matches(sets + string(j))",
      "!'x'.matches(classes + string(j))", "!'x'.matches(folded + string(j))")
    + again(
      "regex search", "regex.extractAll(s, 'a') != []", "regex.replace(s, 'a', 'b') != s",
      "regex.extractAll(s, 'a.*c|a') != []", "regex.extract(s, 'b+c') != optional.of('')",
      "regex.replace(a, '(a+)+b|a', 'x') != s", "regex.extractAll(u, '\\\\pL') != []",
      "regex.replace(s, '(a)(b)(a)(b)(a)(b)(a)(b)(a)(b)', '\\\\1') != s",
      "regex.extractAll(s, '((a|b)*a(a|b){60}c|a)') != []", "regex.replace(s, '', '-') != s",
      "regex.replace(s, '(a|b){1,900}?c|b', 'x') != s")

  private static let collections =
    again(
      "lists", "l.sort() == l", "t.sort() != []", "t.sortBy(x, x.reverse()) != []",
      "d.sort() != []",
      "l.distinct() == l", "n.distinct() == n", "(d + d).distinct() != []", "n.flatten(5) != []",
      "lists.range(1000) == l", "l.reverse() != l", "l.slice(0, 900) != l", "w.sort() != []")
    + again(
      "sets", "sets.equivalent(l, l)", "sets.contains(d, d)", "!sets.intersects(l, t)",
      "sets.equivalent(t, t)", "sets.contains(n, n)", "sets.intersects(n, d) || true")
    + again(
      "shared elements", "!l.exists(x, x in t)", "!t.exists(x, x in l)",
      "!(t + [1]).exists(x, x in [i, j] + d)",
      "!n.exists(x, x in d)", "!t.exists(x, x in m)")
    + [
      WorstCase("sorting large", "lists.range(300000).sortBy(x, -x) != []"),
      WorstCase("sorting large", "lists.range(30000).sortBy(x, string(x)) != []"),
      WorstCase("sorting large", "a.split('').sort() != []"),
      WorstCase("sorting large", "lists.range(200000).map(x, [x]).distinct() != []"),
      WorstCase("sorting large", "lists.range(200000).transformMap(i, x, x) != {}"),
      WorstCase(
        "sorting large", "lists.range(90000).map(x, string(x)).transformMap(i, x, x) != {}"),
    ]

  private static let others =
    again(
      "math", "math.greatest(l) == 999", "math.sqrt(d[i]) > 0.0", "math.bitXor(i, j) >= 0",
      "i * j + i / (j + 1) - i % (j + 1) >= 0", "math.round(d[i]) >= 0.0")
    + again(
      "network", "ip(ips[i]).isGlobalUnicast() || true",
      "cidr('10.0.0.0/8').containsIP('10.1.2.3')",
      "isIP(s) || true", "ip.isCanonical(ips[i]) || true", "string(ip(ips[i])) != ''")
    + again(
      "optionals", "optional.of(i).hasValue()", "[?optional.of(i), ?optional.none()] != []",
      "m[?'key 1'].orValue(2) >= 0")
    + again(
      "errors", "m[string(i)] == 1 || true", "l[i + 5000] == 1 || true",
      "int('x' + string(i)) == 1 || true", "i / 0 == 1 || true")
}
