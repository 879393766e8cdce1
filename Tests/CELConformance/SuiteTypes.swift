import CEL

/// The suite's JSON forms of types.
enum SuiteTypes {
  static func type(_ json: [String: Any]) -> CELType {
    guard let (kind, content) = json.first else { return .dyn }
    let object = content as? [String: Any] ?? [:]
    func inner(_ key: String) -> CELType { type(object[key] as? [String: Any] ?? [:]) }
    switch kind {
    case "primitive": return primitive(content as? String ?? "")
    case "wrapper": return .nullable(primitive(content as? String ?? ""))
    case "null": return .null
    case "list_type": return .list(inner("elem_type"))
    case "map_type": return .map(inner("key_type"), inner("value_type"))
    case "well_known": return wellKnown(content as? String ?? "")
    case "message_type": return message(content as? String ?? "")
    case "type": return .type(type(object))
    case "type_param": return .parameter(content as? String ?? "")
    case "abstract_type": return abstract(object)
    default: return .dyn
    }
  }

  private static func primitive(_ name: String) -> CELType {
    switch name {
    case "BOOL": .bool
    case "INT64": .int
    case "UINT64": .uint
    case "DOUBLE": .double
    case "STRING": .string
    default: .bytes
    }
  }

  private static func wellKnown(_ name: String) -> CELType {
    switch name {
    case "TIMESTAMP": .timestamp
    case "DURATION": .duration
    default: .dyn
    }
  }

  private static func message(_ name: String) -> CELType {
    switch name {
    case "google.protobuf.Timestamp": .timestamp
    case "google.protobuf.Duration": .duration
    case "google.protobuf.BoolValue": .nullable(.bool)
    case "google.protobuf.BytesValue": .nullable(.bytes)
    case "google.protobuf.StringValue": .nullable(.string)
    case "google.protobuf.DoubleValue", "google.protobuf.FloatValue": .nullable(.double)
    case "google.protobuf.Int32Value", "google.protobuf.Int64Value": .nullable(.int)
    case "google.protobuf.UInt32Value", "google.protobuf.UInt64Value": .nullable(.uint)
    case "google.protobuf.Struct": .map(.string, .dyn)
    case "google.protobuf.ListValue": .list(.dyn)
    case "google.protobuf.Value": .dyn
    default: .opaque(name, [])
    }
  }

  private static func abstract(_ json: [String: Any]) -> CELType {
    let parameters = (json["parameter_types"] as? [[String: Any]] ?? []).map(type)
    let name = json["name"] as? String ?? ""
    return name == "optional_type" ? .optional(parameters.first ?? .dyn) : .opaque(name, parameters)
  }

  static func overload(_ name: String, _ json: [String: Any]) -> Overload {
    Overload(
      name: name, isMember: json["is_instance_function"] as? Bool ?? false,
      parameters: (json["params"] as? [[String: Any]] ?? []).map(type),
      result: type(json["result_type"] as? [String: Any] ?? [:]))
  }
}
