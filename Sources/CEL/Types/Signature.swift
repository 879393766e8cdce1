/// One way to call a function: what it takes and what it gives.
public struct Overload: Hashable, Sendable {
  /// The function's name, with dots if it lives in a namespace (`math.greatest`).
  public var name: String
  /// Whether it is called on its first parameter: `text.startsWith(prefix)`.
  public var isMember: Bool
  /// Types of the parameters, the receiver first. Single capital letters are type parameters.
  public var parameters: [CELType]
  /// Type of the result.
  public var result: CELType

  /// An overload from its parts.
  public init(name: String, isMember: Bool, parameters: [CELType], result: CELType) {
    self.name = name
    self.isMember = isMember
    self.parameters = parameters
    self.result = result
  }

  /// Reads `size(list(A)) -> int` or `string.startsWith(string) -> bool`; nil if the text is not a
  /// signature.
  public init?(_ text: String) {
    var reader = TypeReader(text)
    guard let overload = reader.signature() else { return nil }
    self = overload
  }
}

extension Overload: CustomStringConvertible {
  /// The overload as it would be called: `string.startsWith(string) -> bool`.
  public var description: String {
    let arguments = parameters.dropFirst(isMember ? 1 : 0).map(\.description).joined(
      separator: ", ")
    return "\(isMember ? "\(parameters[0])." : "")\(name)(\(arguments)) -> \(result)"
  }
}

extension CELType {
  /// Reads a type as authors write it; names in `records` are record types. Nil if it is not a
  /// type.
  public init?(_ text: String, records: Set<String> = []) {
    var reader = TypeReader(text, records: records)
    guard let type = reader.type(), reader.isAtEnd else { return nil }
    self = type
  }
}

/// Reads types and signatures from their short text form.
struct TypeReader {
  private let text: [UInt8]
  private let records: Set<String>
  private var index = 0
  /// Types nest no deeper than this, so that reading one can't exhaust the stack.
  private static let maximumDepth = 32
  private var depth = 0

  init(_ text: String, records: Set<String> = []) {
    self.text = Array(text.utf8)
    self.records = records
  }

  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return index == text.count
    }
  }

  private mutating func skipSpace() { while index < text.count, text[index] == 0x20 { index += 1 } }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard index < text.count, text[index] == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private mutating func name(dots: Bool) -> String {
    skipSpace()
    let start = index
    while index < text.count,
      Lexer.isLetter(text[index]) || Lexer.isDigit(text[index]) || dots && text[index] == 0x2e
        || text[index] == 0x2d
    {
      // The arrow of a signature is not part of a name.
      if text[index] == 0x2d, index + 1 < text.count, text[index + 1] == 0x3e { break }
      index += 1
    }
    return String(decoding: text[start..<index], as: UTF8.self)
  }

  private mutating func arguments() -> [CELType]? {
    var types: [CELType] = []
    if accept(")") { return types }
    repeat {
      guard let type = type() else { return nil }
      types.append(type)
    } while accept(",")
    return accept(")") ? types : nil
  }

  mutating func type() -> CELType? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else { return nil }
    let name = name(dots: true)
    let parameters = accept("(") ? arguments() : []
    guard let parameters else { return nil }
    if let simple = Self.simple[name], parameters.isEmpty { return simple }
    switch (name, parameters.count) {
    case ("list", 1): return .list(parameters[0])
    case ("map", 2): return .map(parameters[0], parameters[1])
    case ("optional", 1): return .optional(parameters[0])
    case ("nullable", 1): return .nullable(parameters[0])
    case ("type", 0): return .type(.dyn)
    case ("type", 1): return .type(parameters[0])
    default: break
    }
    if records.contains(name), parameters.isEmpty { return .record(name) }
    if name.utf8.count == 1, let letter = name.utf8.first, letter >= 0x41, letter <= 0x5a {
      return .parameter(name)
    }
    return name.hasPrefix("net.") ? .opaque(name, parameters) : nil
  }

  private static let simple: [String: CELType] = [
    "dyn": .dyn, "null": .null, "bool": .bool, "int": .int, "uint": .uint, "double": .double,
    "string": .string, "bytes": .bytes, "timestamp": .timestamp, "duration": .duration,
  ]

  /// `receiver.name(types) -> type` or `name(types) -> type`, where a receiver in parentheses or
  /// with parameters is a type and a plain word before the last dot is a namespace unless it names
  /// a type.
  mutating func signature() -> Overload? {
    let start = index
    var receiver: CELType?
    if let type = type(), accept(".") {
      receiver = type
    } else {
      index = start
      let whole = name(dots: true)
      index = start
      if let dot = whole.utf8.lastIndex(of: 0x2e) {
        let prefix = String(decoding: whole.utf8[..<dot], as: UTF8.self)
        if let type = Self.simple[prefix] ?? (prefix.hasPrefix("net.") ? .opaque(prefix, []) : nil)
          ?? (prefix.utf8.count == 1 ? .parameter(prefix) : nil)
        {
          receiver = type
          index += prefix.utf8.count + 1
        }
      }
    }
    let function = name(dots: true)
    guard !function.isEmpty, accept("("), let parameters = arguments() else { return nil }
    skipSpace()
    guard accept("-"), accept(">"), let result = type(), isAtEnd else { return nil }
    return Overload(
      name: function, isMember: receiver != nil,
      parameters: (receiver.map { [$0] } ?? []) + parameters, result: result)
  }
}
