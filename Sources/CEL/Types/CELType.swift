/// The type of an expression.
public indirect enum CELType: Hashable, Sendable {
  /// Any type; known only when the expression is evaluated.
  case dyn
  case null, bool, int, uint, double, string, bytes, timestamp, duration
  case list(CELType)
  /// Keys are int, uint, bool or string.
  case map(CELType, CELType)
  /// A type as a value.
  case type(CELType)
  case optional(CELType)
  /// A primitive type or null.
  case nullable(CELType)
  /// A type known by its name only, with parameters.
  case opaque(String, [CELType])
  /// A JSON object with declared attributes (`Environment.records`).
  case record(String)
  /// A type that each use of a function chooses.
  case parameter(String)
  /// The type of something that was already reported as wrong; assignable to everything.
  case unknown

  package var isDynamic: Bool { self == .dyn || self == .unknown }

  /// The name that `type(x)` gives at run time.
  package var runtimeName: String {
    switch self {
    case .dyn: "dyn"
    case .null: "null_type"
    case .timestamp: "google.protobuf.Timestamp"
    case .duration: "google.protobuf.Duration"
    case .list: "list"
    case .map, .record: "map"
    case .type: "type"
    case .optional: "optional_type"
    case .opaque(let name, _): name
    default: description
    }
  }
}

extension CELType: CustomStringConvertible {
  /// The type as authors write it: `list(string)`, `map(string, dyn)`.
  public var description: String {
    switch self {
    case .dyn: "dyn"
    case .null: "null"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .timestamp: "timestamp"
    case .duration: "duration"
    case .list(let element): "list(\(element))"
    case .map(let key, let value): "map(\(key), \(value))"
    case .type(let type): type == .dyn ? "type" : "type(\(type))"
    case .optional(let wrapped): "optional(\(wrapped))"
    case .nullable(let wrapped): "nullable(\(wrapped))"
    case .opaque(let name, let parameters):
      parameters.isEmpty
        ? name : "\(name)(\(parameters.map(\.description).joined(separator: ", ")))"
    case .record(let name): name
    case .parameter(let name): name
    case .unknown: "unknown"
    }
  }
}
