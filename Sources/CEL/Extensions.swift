/// Parts of the language beyond the core, each of which an environment switches on by name.
public struct Extensions: OptionSet, Hashable, Sendable {
  /// One bit for each part of the language.
  public let rawValue: UInt32
  /// The parts whose bits are set.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The macros of the core language: `has all exists exists_one map filter`.
  public static let macros = Extensions(rawValue: 1 << 0)
  /// `cel.bind(x, init, expression)`.
  public static let bindings = Extensions(rawValue: 1 << 1)
  /// String functions: `charAt indexOf join replace split substring trim format` and more.
  public static let strings = Extensions(rawValue: 1 << 2)
  /// `math.greatest math.least math.ceil` and more.
  public static let math = Extensions(rawValue: 1 << 3)
  /// `base64.encode`, `base64.decode`, their `…Url` forms, and `json.encode`.
  public static let encoders = Extensions(rawValue: 1 << 4)
  /// `all exists existsOne transformList transformMap transformMapEntry` over key and value.
  public static let twoVariableComprehensions = Extensions(rawValue: 1 << 5)
  /// Optional values: `a.?b`, `a[?k]`, `optional.of`, `orValue` and more.
  public static let optionals = Extensions(rawValue: 1 << 6)
  /// `ip`, `cidr` and their functions.
  public static let network = Extensions(rawValue: 1 << 7)
  /// `distinct flatten lists.range reverse slice sort sortBy`.
  public static let lists = Extensions(rawValue: 1 << 8)
  /// `sets.contains sets.equivalent sets.intersects`.
  public static let sets = Extensions(rawValue: 1 << 9)
  /// `regex.replace regex.extract regex.extractAll`.
  public static let regex = Extensions(rawValue: 1 << 10)

  /// `cel.block`, `cel.index`, `cel.iterVar`, `cel.accuVar`: what optimizers of other
  /// implementations write, and the conformance suite tests. Not for people, so not part of `all`.
  public static let block = Extensions(rawValue: 1 << 11)

  /// The core language and nothing else.
  public static let core: Extensions = [.macros]
  /// Everything that rules are written with.
  public static let all = Extensions(rawValue: (1 << 11) - 1)
}
