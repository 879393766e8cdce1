/// Expressions that nest in one way, as deep as one likes.
struct DeepShape: Sendable, CustomStringConvertible {
  let description: String
  /// The deepest that is legal: a term that stands on its own counts as one level.
  let deepest: Int
  let text: @Sendable (Int) -> String

  private init(_ name: String, _ deepest: Int, _ text: @escaping @Sendable (Int) -> String) {
    description = name
    self.deepest = deepest
    self.text = text
  }

  private static func nested(_ open: String, _ core: String, _ close: String, _ count: Int)
    -> String
  {
    String(repeating: open, count: count) + core + String(repeating: close, count: count)
  }

  /// Variables: `m` a map, `l` a list, `b` a bool, `i` an int.
  static let all: [DeepShape] = [
    DeepShape("parentheses", 249) { nested("(", "i", ")", $0) },
    DeepShape("lists", 249) { nested("[", "i", "]", $0) },
    DeepShape("maps", 249) { nested("{'a': ", "i", "}", $0) },
    DeepShape("calls", 249) { nested("dyn(", "i", ")", $0) },
    DeepShape("receivers", 249) { "i" + String(repeating: ".f()", count: $0) },
    DeepShape("arguments of receivers", 249) { nested("m.f(", "i", ")", $0) },
    DeepShape("minus in parentheses", 124) { nested("-(", "i", ")", $0) },
    DeepShape("minus and not", 249) {
      String(String(repeating: "!-", count: 125).suffix($0)) + "b"
    },
    DeepShape("conditionals on the right", 249) { String(repeating: "b ? i : ", count: $0) + "i" },
    DeepShape("conditionals in the middle", 124) { nested("b ? (", "i", ") : i", $0) },
    DeepShape("conditionals on the left", 248) { nested("(", "b", " ? b : b)", $0) },
    DeepShape("selections", 249) { "m" + String(repeating: ".b", count: $0) },
    DeepShape("selections in has()", 248) { "has(m" + String(repeating: ".b", count: $0) + ".c)" },
    DeepShape("indexes in a row", 249) { "l" + String(repeating: "[0]", count: $0) },
    DeepShape("indexes in indexes", 249) { nested("l[", "0", "]", $0) },
    DeepShape("sums", 249) { "i" + String(repeating: " + i", count: $0) },
    DeepShape("comparisons", 249) { "i" + String(repeating: " == i", count: $0) },
    DeepShape("memberships", 249) { "i" + String(repeating: " in l", count: $0) },
    DeepShape("logic in parentheses", 249) { nested("(b && ", "b", ")", $0) },
    DeepShape("alternating logic", 124) { nested("(b && (b || ", "b", "))", $0) },
    DeepShape("macros in macros", 249) { nested("l.exists(x, ", "b", ")", $0) },
    DeepShape("macros of macros", 249) { "l" + String(repeating: ".map(x, x)", count: $0) },
    DeepShape("filters in filters", 83) { nested("l.filter(x, size(", "l", ") == 0)", $0) },
    DeepShape("bindings", 249) { nested("cel.bind(x, i, ", "x", ")", $0) },
    DeepShape("bindings in bindings", 249) { nested("cel.bind(x, ", "i", ", x)", $0) },
  ]
}
