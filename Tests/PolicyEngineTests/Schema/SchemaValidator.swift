import Foundation

/// As much of JSON Schema (draft 2020-12) as our schemas use. A keyword that it does not know is a
/// failure, so that no schema says something that is not checked.
struct SchemaValidator {
  let root: [String: Any]

  private static let remarks: Set<String> = [
    "$schema", "$id", "$defs", "title", "description", "default", "examples",
  ]

  init(_ file: URL) throws {
    root = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
  }

  /// Everything that is wrong with a value.
  func faults(_ value: Any) -> [String] { faults(value, root, "$") }

  private func faults(_ value: Any, _ schema: Any, _ path: String) -> [String] {
    if let allowed = schema as? Bool, !(schema is NSNull) {
      return allowed ? [] : ["\(path) is not allowed"]
    }
    guard let schema = schema as? [String: Any] else {
      return ["\(path): a schema is not an object"]
    }
    var faults: [String] = []
    for (keyword, rule) in schema.sorted(by: { $0.key < $1.key })
    where !Self.remarks.contains(keyword) {
      faults += check(keyword, rule, value, schema, path)
    }
    return faults
  }

  private func check(
    _ keyword: String, _ rule: Any, _ value: Any, _ schema: [String: Any], _ path: String
  ) -> [String] {
    let object = value as? [String: Any]
    switch keyword {
    case "$ref": return faults(value, resolve(rule as? String ?? ""), path)
    case "type": return isType(value, rule) ? [] : ["\(path) is not \(rule)"]
    case "const": return equal(value, rule) ? [] : ["\(path) is not \(rule)"]
    case "enum":
      return (rule as? [Any] ?? []).contains { equal($0, value) }
        ? [] : ["\(path) is none of \(rule)"]
    case "pattern":
      guard let text = value as? String, let pattern = rule as? String else { return [] }
      return text.range(of: pattern, options: .regularExpression) == nil
        ? ["\(path) does not match \(pattern)"] : []
    case "minLength":
      return (value as? String).map { $0.unicodeScalars.count < rule as? Int ?? 0 } ?? false
        ? ["\(path) is too short"] : []
    case "maxLength", "maxItems", "maxProperties":
      let size =
        (value as? String)?.unicodeScalars.count ?? (value as? [Any])?.count ?? object?.count ?? 0
      return size > rule as? Int ?? 0 ? ["\(path) is too long"] : []
    case "minimum":
      return number(value).map { $0 < number(rule) ?? 0 } ?? false ? ["\(path) is too small"] : []
    case "maximum":
      return number(value).map { $0 > number(rule) ?? 0 } ?? false ? ["\(path) is too large"] : []
    case "minItems":
      return (value as? [Any]).map { $0.count < rule as? Int ?? 0 } ?? false
        ? ["\(path) has too few items"] : []
    case "items":
      return (value as? [Any] ?? []).enumerated().flatMap {
        faults($0.element, rule, "\(path)[\($0.offset)]")
      }
    case "required":
      guard let object else { return [] }
      return (rule as? [String] ?? []).filter { object[$0] == nil }.map { "\(path) has no \($0)" }
    case "dependentRequired":
      guard let object, let others = rule as? [String: [String]] else { return [] }
      return others.filter { object[$0.key] != nil }.flatMap { name, needed in
        needed.filter { object[$0] == nil }.map { "\(path) has \(name) and no \($0)" }
      }
    case "minProperties":
      return (value as? [String: Any]).map { Double($0.count) < number(rule) ?? 0 } ?? false
        ? ["\(path) has too few members"] : []
    case "properties":
      let properties = rule as? [String: Any] ?? [:]
      return (object ?? [:]).flatMap { name, member in
        properties[name].map { faults(member, $0, "\(path).\(name)") } ?? []
      }
    case "additionalProperties":
      let known = schema["properties"] as? [String: Any] ?? [:]
      return (object ?? [:]).filter { known[$0.key] == nil }.flatMap {
        faults($0.value, rule, "\(path).\($0.key)")
      }
    case "propertyNames":
      return (object ?? [:]).keys.flatMap { faults($0, rule, "\(path) name \($0)") }
    default: return combine(keyword, rule, value, schema, path)
    }
  }

  private func combine(
    _ keyword: String, _ rule: Any, _ value: Any, _ schema: [String: Any], _ path: String
  ) -> [String] {
    let options = rule as? [Any] ?? []
    switch keyword {
    case "allOf": return options.flatMap { faults(value, $0, path) }
    case "anyOf":
      return options.contains { faults(value, $0, path).isEmpty }
        ? [] : ["\(path) fits no alternative"]
    case "oneOf":
      let fitting = options.filter { faults(value, $0, path).isEmpty }.count
      guard fitting != 1 else { return [] }
      return ["\(path) fits \(fitting) alternatives"] + options.flatMap { faults(value, $0, path) }
    case "not": return faults(value, rule, path).isEmpty ? ["\(path) is what it must not be"] : []
    case "if":
      let branch = faults(value, rule, path).isEmpty ? schema["then"] : schema["else"]
      return branch.map { faults(value, $0, path) } ?? []
    case "then", "else": return []
    default: return ["the schema uses \(keyword), which this validator does not know"]
    }
  }

  private func resolve(_ reference: String) -> Any {
    var node: Any = root
    for part in reference.split(separator: "/").dropFirst() {
      node = (node as? [String: Any])?[String(part)] ?? false
    }
    return reference == "#" ? root : node
  }

  private func number(_ value: Any) -> Double? {
    isBool(value) ? nil : (value as? NSNumber)?.doubleValue
  }

  private func isBool(_ value: Any) -> Bool {
    guard let number = value as? NSNumber else { return false }
    return number === kCFBooleanTrueLike || number === kCFBooleanFalseLike
      || value is Bool && String(describing: type(of: value)).contains("Bool")
  }

  private func isType(_ value: Any, _ rule: Any) -> Bool {
    (rule as? [String] ?? [rule as? String ?? ""]).contains { name in
      switch name {
      case "object": value is [String: Any]
      case "array": value is [Any]
      case "string": value is String
      case "boolean": isBool(value)
      case "null": value is NSNull
      case "integer": number(value).map { $0 == $0.rounded() } ?? false
      case "number": number(value) != nil
      default: false
      }
    }
  }

  private func equal(_ left: Any, _ right: Any) -> Bool {
    guard let a = left as? NSObject, let b = right as? NSObject else {
      return "\(left)" == "\(right)"
    }
    return a == b && isBool(left) == isBool(right)
  }
}

/// The two booleans that the JSON reader hands out, to tell them from the numbers 0 and 1.
private let kCFBooleanTrueLike =
  (try? JSONSerialization.jsonObject(with: Data("[true]".utf8)) as? [NSNumber])?.first
private let kCFBooleanFalseLike =
  (try? JSONSerialization.jsonObject(with: Data("[false]".utf8)) as? [NSNumber])?.first
