#if CLI
  import CEL
  import PolicyEngine

  /// Variables of an expression, from a JSON object.
  enum Variables {
    /// Why a file gives none.
    struct Fault: Error {
      let finding: Finding
    }

    /// The parts of a request as conditions see them: a part's own members, and its properties
    /// beside them.
    static func parts(ofRequest path: String) throws(Fault) -> [(name: String, value: CELValue)] {
      let members = try read(path)
      return ["subject", "action", "resource", "context"].map { part in
        let value = members.last { $0.name == part }?.value ?? .map([])
        guard part != "context", case .map(let own) = value else { return (part, value) }
        guard case .map(let properties)? = value["properties"] else { return (part, value) }
        let names = Set(own.map(\.key))
        return (
          part,
          .map(
            own.filter { $0.key != .string("properties") }
              + properties.filter { !names.contains($0.key) || $0.key == .string("properties") })
        )
      }
    }

    /// The type of a value as far as an estimate of cost needs it: lists and maps whose elements
    /// are alike, and scalars.
    static func type(of value: CELValue) -> CELType {
      switch value {
      case .null: .dyn
      case .bool: .bool
      case .int: .int
      case .uint: .uint
      case .double: .double
      case .string: .string
      case .bytes: .bytes
      case .list(let elements): .list(common(elements))
      case .map(let entries): .map(common(entries.map(\.key)), common(entries.map(\.value)))
      default: .dyn
      }
    }

    private static func common(_ values: [CELValue]) -> CELType {
      let types = Set(values.map { type(of: $0) })
      return types.count == 1 ? types.first ?? .dyn : .dyn
    }

    /// Declares that variables are as large as they are.
    static func declareSizes(
      of value: CELValue, at path: String, in environment: inout Environment
    ) {
      if let size = size(of: value) { environment.declare(size: size...size, of: path) }
      switch value {
      case .list(let elements): declareSizes(of: elements, at: path + "[]", in: &environment)
      case .map(let entries):
        declareSizes(of: entries.map(\.value), at: path + "[]", in: &environment)
        declareSizes(of: entries.map(\.key), at: path + "{}", in: &environment)
        for entry in entries {
          guard case .string(let name) = entry.key, !name.contains(".") else { continue }
          declareSizes(of: entry.value, at: "\(path).\(name)", in: &environment)
        }
      default: break
      }
    }

    private static func declareSizes(
      of values: [CELValue], at path: String, in environment: inout Environment
    ) {
      let sizes = values.compactMap { size(of: $0) }
      guard let least = sizes.min(), let most = sizes.max() else { return }
      environment.declare(size: least...most, of: path)
    }

    private static func size(of value: CELValue) -> Int? {
      switch value {
      case .string(let text): text.utf8.count
      case .bytes(let octets): octets.count
      case .list(let elements): elements.count
      case .map(let entries): entries.count
      default: nil
      }
    }

    /// The members of a JSON object.
    static func read(_ path: String) throws(Fault) -> [(name: String, value: CELValue)] {
      let bytes = try content(path)
      let name = path == "-" ? "<stdin>" : path
      var tape = JSONTape()
      do throws(JSONError) {
        try tape.read(bytes, limits: JSONLimits(bytes: EngineLimits.requestBytes))
      } catch {
        throw fault(
          "json-\(error.code.rawValue)", error.message, help: error.help, at: error.offset, bytes,
          name)
      }
      guard tape.kind(of: tape.root) == .object else {
        throw fault(
          "wrong-type", "variables must be a JSON object", help: "its members are the variables",
          at: tape.sourceRange(of: tape.root).lowerBound, bytes, name)
      }
      return tape.children(of: tape.root).map { (tape.string(of: $0), tape.value(of: $0 + 1)) }
    }

    private static func content(_ path: String) throws(Fault) -> [UInt8] {
      do throws(System.Refusal) {
        let (bytes, isAll) = try InputStream(InputFile(path), limit: EngineLimits.requestBytes)
          .rest()
        if isAll { return bytes }
      } catch {
        throw Fault(finding: Finding("unreadable", "`\(path)` can't be read: \(error.message)"))
      }
      throw Fault(
        finding: Finding(
          "json-tooLarge",
          "`\(path)` is too long: variables may have \(EngineLimits.requestBytes) bytes"))
    }

    private static func fault(
      _ code: String, _ message: String, help: String?, at offset: Int, _ bytes: [UInt8],
      _ file: String
    ) -> Fault {
      let place = LineMap(bytes).position(of: offset)
      let error = RequestError(
        code: code, message: message, help: help, line: place.line, column: place.column)
      return Fault(finding: Finding(error, in: bytes, file: file))
    }
  }

  extension CELValue {
    /// What `type(x)` would print.
    var typeName: String {
      switch self {
      case .null: "null_type"
      case .bool: "bool"
      case .int: "int"
      case .uint: "uint"
      case .double: "double"
      case .string: "string"
      case .bytes: "bytes"
      case .list: "list"
      case .map: "map"
      case .timestamp: "timestamp"
      case .duration: "duration"
      case .type: "type"
      case .optional: "optional"
      case .opaque(let type, _): type
      }
    }
  }
#endif
