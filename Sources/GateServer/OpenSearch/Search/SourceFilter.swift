import CEL

extension OpenSearch {
  /// Which members of documents a search shows.
  struct SourceFilter: Sendable {
    private var includes: [TextPattern] = []
    private var excludes: [TextPattern] = []
    private var included: [String] = []

    /// Reads `_source`. `true` and `false` show what is shown anyway, as ML Commons has it.
    static func read(_ node: Int, _ body: Body) throws(ErrorBody) -> SourceFilter? {
      var filter = SourceFilter()
      switch body.tape.kind(of: node) {
      case .true, .false, .null: return nil
      case .object:
        for (name, value) in body.members(of: node) {
          switch name {
          case "includes", "include": try filter.include(try names(value, body))
          case "excludes", "exclude": try filter.exclude(try names(value, body))
          default:
            throw Body.parsing(
              "Unknown key for a \(body.token(value)) in [\(name)].", body.place(value))
          }
        }
      default: try filter.include(try names(node, body))
      }
      return filter
    }

    private static func names(_ node: Int, _ body: Body) throws(ErrorBody) -> [String] {
      let names = body.tape.kind(of: node) == .array ? try body.texts(node) : [try body.text(node)]
      guard names.count <= ServerLimits.sourcePatterns else {
        throw .illegalArgument(
          "[_source] has [\(names.count)] names, [\(ServerLimits.sourcePatterns)] are the most")
      }
      return names
    }

    private mutating func include(_ names: [String]) throws(ErrorBody) {
      for name in names { includes.append(try TextPattern(name)) }
      included = names
    }

    private mutating func exclude(_ names: [String]) throws(ErrorBody) {
      for name in names { excludes.append(try TextPattern(name)) }
    }

    /// The document with what is shown of it.
    func apply(to document: [UInt8]) -> [UInt8] {
      var tape = JSONTape()
      do throws(JSONError) {
        try tape.read(document, limits: ServerLimits.answers)
      } catch {
        return Array("{}".utf8)
      }
      var writer = JSONWriter()
      write(tape.root, of: tape, path: "", isShown: includes.isEmpty, to: &writer)
      return writer.bytes
    }

    private func write(
      _ object: Int, of tape: JSONTape, path: String, isShown: Bool, to writer: inout JSONWriter
    ) {
      writer.beginObject()
      for name in tape.children(of: object) {
        let (text, value) = (tape.string(of: name), name + 1)
        let path = path.isEmpty ? text : "\(path).\(text)"
        if excludes.contains(where: { $0.matches(path) }) { continue }
        let isShown = isShown || includes.contains { $0.matches(path) }
        if tape.kind(of: value) == .object {
          guard isShown || mayShow(within: path) else { continue }
          writer.name(text)
          write(value, of: tape, path: path, isShown: isShown, to: &writer)
        } else if isShown {
          writer.name(text)
          writer.value(verbatim: tape.source[tape.sourceRange(of: value)])
        }
      }
      writer.endObject()
    }

    /// Whether something within an object may be shown though the object as such is not.
    private func mayShow(within path: String) -> Bool {
      included.contains { name in
        name.hasPrefix(path + ".") || name.contains("*") || name.contains("?")
      }
    }
  }
}
