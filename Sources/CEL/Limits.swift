/// Every limit of the language, in one place. Each has a test on either side of it.
public enum Limits {
  /// Longest source text of one expression, in UTF-8 bytes.
  public static let sourceOctets = 100_000
  /// Deepest nesting of an expression: parentheses, calls, lists, chains of operators and
  /// selections.
  public static let expressionDepth = 250
  /// Most nodes of one expression, after parsing.
  public static let expressionNodes = 100_000
  /// Deepest nesting of a value that comes from outside.
  public static let valueDepth = 100
  /// Steps that one evaluation may take: an instruction of a loop body, an element, sixteen octets
  /// of text each count one.
  public static let defaultBudget = 1_000_000
  /// Octets of text that one evaluation may create.
  public static let evaluationOctets = 64 << 20
  /// List elements and map entries that one evaluation may create.
  public static let evaluationElements = 4 << 20
  /// Values that a result may hold when it is handed to the host.
  public static let resultValues = 1_000_000
  /// Bytes of text that a result may hold when it is handed to the host, shared texts counting each
  /// time.
  public static let resultBytes = 64 << 20
  /// Most parameters of a function that the host declares, its receiver included.
  public static let functionParameters = 255
  /// Steps that computing one constant may take while an expression is compiled.
  static let foldingBudget = 10_000
  /// Most digits behind the point that a format may ask for.
  public static let formatPrecision = 100
  /// Patterns compiled during one evaluation that are remembered.
  static let dynamicPatterns = 32
  /// Texts of earlier requests that are left in memory, so that they are found when they come
  /// again.
  package static let retainedTexts = 4_096
  /// Octets of those texts.
  package static let retainedOctets = 256 << 10
  /// Maps with more entries than this get a hash index.
  static let linearMapEntries = 8
  /// Registers of one program; an expression that needs more is refused when it is compiled.
  static let registers = 60_000
}
