/// Messages of protobuf's well-known types, which CEL treats as plain values:
/// `google.protobuf.Int32Value{value: 1}` is the int 1, a `Struct` is a map. There is no protobuf
/// behind it; other messages are refused when an expression is compiled.
struct WellKnownType: Sendable {
  /// Type of the expression that makes the message.
  var type: CELType
  /// Type of each field.
  var fields: [String: CELType]

  static let all: [String: WellKnownType] = {
    var all: [String: WellKnownType] = [:]
    let wrappers: [(String, CELType)] = [
      ("BoolValue", .bool), ("BytesValue", .bytes), ("DoubleValue", .double),
      ("FloatValue", .double),
      ("Int32Value", .int), ("Int64Value", .int), ("StringValue", .string), ("UInt32Value", .uint),
      ("UInt64Value", .uint),
    ]
    for (name, type) in wrappers {
      all[prefix + name] = WellKnownType(type: .nullable(type), fields: ["value": type])
    }
    let seconds: [String: CELType] = ["seconds": .int, "nanos": .int]
    all[prefix + "Timestamp"] = WellKnownType(type: .timestamp, fields: seconds)
    all[prefix + "Duration"] = WellKnownType(type: .duration, fields: seconds)
    let object = CELType.map(.string, .dyn)
    all[prefix + "Struct"] = WellKnownType(type: object, fields: ["fields": object])
    all[prefix + "ListValue"] = WellKnownType(type: .list(.dyn), fields: ["values": .list(.dyn)])
    all[prefix + "Value"] = WellKnownType(
      type: .dyn,
      fields: [
        "null_value": .dyn, "number_value": .double, "string_value": .string, "bool_value": .bool,
        "struct_value": object, "list_value": .list(.dyn),
      ])
    all[prefix + "Any"] = WellKnownType(type: .dyn, fields: ["type_url": .string, "value": .bytes])
    all[prefix + "Empty"] = WellKnownType(type: object, fields: [:])
    return all
  }()

  static let prefix = "google.protobuf."
  /// The only value of the only enumeration among the well-known types.
  static let nullValue = prefix + "NullValue.NULL_VALUE"
}

extension Memory {
  /// The value of a message, from the name of its type and a map of the fields that are set.
  mutating func wellKnownMessage(_ name: Value, _ fields: Value) -> Value {
    guard name.tag == .string, fields.tag == .map else { return .noOverload(name, fields) }
    let short = String(string(name.text).dropFirst(WellKnownType.prefix.utf8.count))
    switch short {
    case "Value":
      // Of the members of a `oneof` the last one that is set counts.
      guard fields.count > 0 else { return .null }
      let last = fields.count - 1
      return oneOf(string(key(last, of: fields).text), value(last, of: fields))
    case "Struct", "ListValue":
      let isStruct = short == "Struct"
      let content = field(isStruct ? "fields" : "values", of: fields)
      guard let content else { return isStruct ? makeMap([]) : makeList([]) }
      guard content.tag == (isStruct ? .map : .list) else { return .noOverload(content) }
      return jsonValue(content, depth: 0)
    case "Timestamp", "Duration": return time(fields, isTimestamp: short == "Timestamp")
    case "Any": return invalid("a message of type Any can't be unpacked without its type")
    case "Empty": return makeMap([])
    default: return wrapper(short, field("value", of: fields))
    }
  }

  private mutating func field(_ name: String, of fields: Value) -> Value? {
    // Apart, or the look-up would hold a copy of the memory that interning then has to make real.
    let key = Value.string(intern(name))
    return find(key: key, in: fields).map { value($0, of: fields) }
  }

  private mutating func wrapper(_ name: String, _ value: Value?) -> Value {
    let tag: Value.Tag =
      switch name {
      case "BoolValue": .bool
      case "BytesValue": .bytes
      case "StringValue": .string
      case "DoubleValue", "FloatValue": .double
      case "UInt32Value", "UInt64Value": .uint
      default: .int
      }
    guard let value else {
      return tag == .string || tag == .bytes ? Value(tag, bits: UInt64(intern(""))) : Value(tag)
    }
    guard value.tag == tag else { return .noOverload(value) }
    switch name {
    case "FloatValue": return .double(Double(Float(value.double)))
    case "Int32Value": return Int32(exactly: value.int) == nil ? .failure(.outOfRange) : value
    case "UInt32Value": return UInt32(exactly: value.bits) == nil ? .failure(.outOfRange) : value
    default: return value
    }
  }

  private mutating func oneOf(_ field: String, _ value: Value) -> Value {
    switch field {
    case "null_value":
      return value.tag == .null || value.tag == .int && value.bits == 0 ? .null : .noOverload(value)
    case "number_value": return value.tag == .double ? value : .noOverload(value)
    case "string_value": return value.tag == .string ? value : .noOverload(value)
    case "bool_value": return value.tag == .bool ? value : .noOverload(value)
    case "struct_value": return value.tag == .map ? jsonValue(value, depth: 0) : .noOverload(value)
    default: return value.tag == .list ? jsonValue(value, depth: 0) : .noOverload(value)
    }
  }

  private mutating func time(_ fields: Value, isTimestamp: Bool) -> Value {
    let seconds = field("seconds", of: fields) ?? .int(0)
    let nanoseconds = field("nanos", of: fields) ?? .int(0)
    guard seconds.tag == .int, nanoseconds.tag == .int else {
      return .noOverload(seconds, nanoseconds)
    }
    guard nanoseconds.int.magnitude < 1_000_000_000 else { return .failure(.outOfRange) }
    if isTimestamp {
      guard nanoseconds.int >= 0,
        let time = Timestamp(seconds: seconds.int, nanoseconds: nanoseconds.int)
      else { return .failure(.outOfRange) }
      return .timestamp(time)
    }
    let (whole, tooLong) = seconds.int.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflow) = whole.addingReportingOverflow(nanoseconds.int)
    return tooLong || overflow ? .failure(.outOfRange) : .duration(sum)
  }

  /// A value as a `Value` message holds it, which knows only what JSON knows: numbers are doubles,
  /// keys are texts.
  private mutating func jsonValue(_ value: Value, depth: Int) -> Value {
    guard depth < 1_000, afford(elements: 1) else { return exhausted }
    switch value.tag {
    case .null, .bool, .double, .string: return value
    case .int: return .double(Double(value.int))
    case .uint: return .double(Double(value.bits))
    case .bytes:
      guard afford(octets: 2 * count(of: value.text)) else { return exhausted }
      return .string(intern(Base64.standard.encode(octets[range(of: value.text)])))
    case .timestamp, .duration: return toString(value)
    case .list:
      var elements: [Value] = []
      for index in 0..<value.count {
        let element = jsonValue(element(index, of: value), depth: depth + 1)
        if element.isError { return element }
        elements.append(element)
      }
      return makeList(elements)
    case .map:
      var entries: [Value] = []
      for index in 0..<value.count {
        let key = key(index, of: value)
        guard key.tag == .string else { return .noOverload(key) }
        let inner = jsonValue(self.value(index, of: value), depth: depth + 1)
        if inner.isError { return inner }
        entries += [key, inner]
      }
      return makeMap(entries)
    default: return .noOverload(value)
    }
  }
}
