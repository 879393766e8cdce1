import CEL

extension OpenSearch {
  /// A JSON body, with OpenSearch's ways of taking one kind of value for another and its words for
  /// what it does not take.
  ///
  /// What it answers with 500 (a null where a text belongs) is a caller's fault and answered with
  /// 400 here; type and reason are the same.
  struct Body: Sendable {
    let tape: JSONTape

    /// Reads a body whose outermost value is an object.
    init(_ bytes: [UInt8]) throws(ErrorBody) {
      var tape = JSONTape()
      do throws(JSONError) {
        try tape.read(bytes, limits: ServerLimits.json)
      } catch {
        if bytes.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
          throw Self.unexpected("START_OBJECT", "null", (1, 1))
        }
        throw Self.syntax(error, bytes)
      }
      self.tape = tape
      try expect(.object, tape.root)
    }

    /// The members of an object: their names, and their values' nodes.
    func members(of object: Int) -> [(name: String, value: Int)] {
      tape.children(of: object).map { (tape.string(of: $0), $0 + 1) }
    }

    /// The members of the body.
    var members: [(name: String, value: Int)] { members(of: tape.root) }

    /// Sees to it that a value is an object or an array.
    func expect(_ kind: JSONTape.Kind, _ node: Int) throws(ErrorBody) {
      guard tape.kind(of: node) != kind else { return }
      throw Self.unexpected(
        kind == .array ? "START_ARRAY" : "START_OBJECT", token(node), place(node))
    }

    /// A text. Numbers and booleans become texts, as they are spelled.
    func text(_ node: Int) throws(ErrorBody) -> String {
      switch tape.kind(of: node) {
      case .string, .int, .uint, .double, .true, .false: return tape.string(of: node)
      case .null, .array, .object:
        let (line, column) = place(node)
        throw ErrorBody(
          400, "illegal_state_exception", "Can't get text on a \(token(node)) at \(line):\(column)")
      }
    }

    /// A text, or nil for null.
    func optionalText(_ node: Int) throws(ErrorBody) -> String? {
      tape.kind(of: node) == .null ? nil : try text(node)
    }

    /// A list of texts.
    func texts(_ node: Int) throws(ErrorBody) -> [String] {
      try expect(.array, node)
      var texts: [String] = []
      for element in tape.children(of: node) { texts.append(try text(element)) }
      return texts
    }

    /// A truth value, which may be written as a text; an empty text is false.
    func flag(_ node: Int) throws(ErrorBody) -> Bool {
      switch tape.kind(of: node) {
      case .true: return true
      case .false: return false
      case .string:
        switch tape.string(of: node) {
        case "true": return true
        case "false", "": return false
        case let other:
          throw .illegalArgument(
            "Failed to parse value [\(other)] as only [true] or [false] are allowed.")
        }
      default:
        let (line, column) = place(node)
        throw ErrorBody(
          400, "json_parse_exception",
          "Current token (\(token(node, ofReader: true))) not of boolean type\n at line \(line), "
            + "column \(column)")
      }
    }

    /// Line and column of a value; columns count bytes, as that of OpenSearch's reader do.
    func place(_ node: Int) -> (line: Int, column: Int) {
      Self.place(of: Int(tape.nodes[node].start), in: tape.source)
    }

    /// What OpenSearch calls the first token of a value.
    func token(_ node: Int, ofReader: Bool = false) -> String {
      switch tape.kind(of: node) {
      case .null: "VALUE_NULL"
      case .false, .true:
        ofReader ? "VALUE_\(tape.spelling(of: node).uppercased())" : "VALUE_BOOLEAN"
      case .int, .uint: ofReader ? "VALUE_NUMBER_INT" : "VALUE_NUMBER"
      case .double: ofReader ? "VALUE_NUMBER_FLOAT" : "VALUE_NUMBER"
      case .string: "VALUE_STRING"
      case .array: "START_ARRAY"
      case .object: "START_OBJECT"
      }
    }
  }
}

extension OpenSearch.Body {
  static func unexpected(
    _ wanted: String, _ found: String, _ place: (line: Int, column: Int)
  ) -> ErrorBody {
    parsing(
      "Failed to parse object: expecting token of type [\(wanted)] but found [\(found)]", place)
  }

  /// A fault of a value, with its place.
  static func parsing(_ reason: String, _ place: (line: Int, column: Int)) -> ErrorBody {
    var error = ErrorBody(400, "parsing_exception", reason)
    error.members = [
      ("line", .int(Int64(place.line))), ("col", .int(Int64(place.column))),
    ]
    return error
  }

  private static func syntax(_ error: JSONError, _ bytes: [UInt8]) -> ErrorBody {
    let (line, column) = place(of: error.offset, in: bytes)
    let help = error.help.map { "; \($0)" } ?? ""
    return ErrorBody(
      400, "json_parse_exception", "\(error.message)\(help)\n at line \(line), column \(column)")
  }

  static func place(of offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
    var (line, start) = (1, 0)
    for index in 0..<min(offset, bytes.count) {
      let isReturn = bytes[index] == 0x0D
      guard bytes[index] == 0x0A || isReturn else { continue }
      if isReturn, index + 1 < bytes.count, bytes[index + 1] == 0x0A { continue }
      (line, start) = (line + 1, index + 1)
    }
    return (line, offset - start + 1)
  }
}
