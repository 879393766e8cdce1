import CEL
import Foundation

/// The suite's JSON forms of values.
enum SuiteValues {
  struct Unsupported: Error { let what: String }

  static func value(_ json: [String: Any]) throws -> CELValue {
    guard let (kind, content) = json.first else { return .null }
    switch kind {
    case "null_value": return .null
    case "bool_value": return .bool(content as? Bool ?? false)
    case "int64_value": return .int(Int64(content as? String ?? "") ?? 0)
    case "uint64_value": return .uint(UInt64(content as? String ?? "") ?? 0)
    case "double_value": return .double(double(content))
    case "string_value": return .string(content as? String ?? "")
    case "bytes_value": return .bytes([UInt8](Data(base64Encoded: content as? String ?? "") ?? Data()))
    case "type_value": return .type(content as? String ?? "")
    case "list_value":
      let values = (content as? [String: Any])?["values"] as? [[String: Any]] ?? []
      return .list(try values.map(value))
    case "map_value":
      let entries = (content as? [String: Any])?["entries"] as? [[String: Any]] ?? []
      return .map(
        try entries.map {
          CELValue.Entry(
            try value($0["key"] as? [String: Any] ?? [:]), try value($0["value"] as? [String: Any] ?? [:]))
        })
    case "object_value": return try object(content as? [String: Any] ?? [:])
    default: throw Unsupported(what: kind)
    }
  }

  private static func double(_ content: Any) -> Double {
    if let number = content as? NSNumber { return number.doubleValue }
    switch content as? String {
    case "NaN": return .nan
    case "Infinity": return .infinity
    case "-Infinity": return -.infinity
    default: return Double(content as? String ?? "") ?? 0
    }
  }

  /// Timestamps and durations by way of CEL itself; other messages are out of scope.
  private static func object(_ json: [String: Any]) throws -> CELValue {
    let type = (json["@type"] as? String ?? "").split(separator: "/").last.map(String.init) ?? ""
    let text = json["value"] as? String ?? ""
    switch type {
    case "google.protobuf.Timestamp": return try Environment().compile("timestamp('\(text)')").evaluate()
    case "google.protobuf.Duration": return try Environment().compile("duration('\(text)')").evaluate()
    default: throw Unsupported(what: type)
    }
  }

  /// The same value and type; maps without order, NaN like NaN.
  static func same(_ left: CELValue, _ right: CELValue) -> Bool {
    switch (left, right) {
    case (.double(let a), .double(let b)): return a == b && a.sign == b.sign || a.isNaN && b.isNaN
    case (.string(let a), .string(let b)): return Array(a.utf8) == Array(b.utf8)
    case (.list(let a), .list(let b)): return a.count == b.count && zip(a, b).allSatisfy(same)
    case (.map(let a), .map(let b)):
      return a.count == b.count
        && a.allSatisfy { entry in b.contains { same($0.key, entry.key) && same($0.value, entry.value) } }
    case (.optional(let a?), .optional(let b?)): return same(a, b)
    default: return left == right
    }
  }
}
