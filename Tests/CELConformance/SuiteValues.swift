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
    case "bytes_value":
      return .bytes([UInt8](Data(base64Encoded: content as? String ?? "") ?? Data()))
    case "type_value": return .type(content as? String ?? "")
    case "list_value":
      let values = (content as? [String: Any])?["values"] as? [[String: Any]] ?? []
      return .list(try values.map(value))
    case "map_value":
      let entries = (content as? [String: Any])?["entries"] as? [[String: Any]] ?? []
      return .map(
        try entries.map {
          CELValue.Entry(
            try value($0["key"] as? [String: Any] ?? [:]),
            try value($0["value"] as? [String: Any] ?? [:]))
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

  /// Timestamps and durations by way of CEL itself, the other well-known types as the plain values
  /// that they are; other messages are out of scope.
  private static func object(_ json: [String: Any]) throws -> CELValue {
    let type = (json["@type"] as? String ?? "").split(separator: "/").last.map(String.init) ?? ""
    let content = json["value"]
    let text = content as? String ?? ""
    guard type.hasPrefix("google.protobuf.") else { throw Unsupported(what: type) }
    switch type.dropFirst("google.protobuf.".count) {
    case "Timestamp": return try Environment().compile("timestamp('\(text)')").evaluate()
    case "Duration": return try Environment().compile("duration('\(text)')").evaluate()
    case "BoolValue", "StringValue", "Struct", "ListValue", "Value": return plain(content)
    case "BytesValue": return .bytes([UInt8](Data(base64Encoded: text) ?? Data()))
    case "DoubleValue", "FloatValue": return .double(double(content ?? 0))
    case "Int32Value", "Int64Value": return .int(Int64("\(content ?? 0)") ?? 0)
    case "UInt32Value", "UInt64Value": return .uint(UInt64("\(content ?? 0)") ?? 0)
    case "Any": return try object(content as? [String: Any] ?? [:])
    case "Empty": return .map([])
    default: throw Unsupported(what: type)
    }
  }

  /// JSON as a `Value` message holds it.
  private static func plain(_ json: Any?) -> CELValue {
    switch json {
    case let text as String: .string(text)
    case let number as NSNumber:
      isBool(number) ? .bool(number.boolValue) : .double(number.doubleValue)
    case let list as [Any]: .list(list.map(plain))
    case let map as [String: Any]:
      .map(map.sorted { $0.key < $1.key }.map { CELValue.Entry(.string($0.key), plain($0.value)) })
    default: .null
    }
  }

  /// Foundation reads `true` and `1` into the same class; written again they differ.
  private static func isBool(_ number: NSNumber) -> Bool {
    let text = try? JSONSerialization.data(withJSONObject: [number])
    return text == Data("[true]".utf8) || text == Data("[false]".utf8)
  }

  /// The same value and type; maps without order, NaN like NaN.
  static func same(_ left: CELValue, _ right: CELValue) -> Bool {
    switch (left, right) {
    case (.double(let a), .double(let b)): return a == b && a.sign == b.sign || a.isNaN && b.isNaN
    case (.string(let a), .string(let b)): return Array(a.utf8) == Array(b.utf8)
    case (.list(let a), .list(let b)): return a.count == b.count && zip(a, b).allSatisfy(same)
    case (.map(let a), .map(let b)):
      return a.count == b.count
        && a.allSatisfy { entry in
          b.contains { same($0.key, entry.key) && same($0.value, entry.value) }
        }
    case (.optional(let a?), .optional(let b?)): return same(a, b)
    default: return left == right
    }
  }
}
