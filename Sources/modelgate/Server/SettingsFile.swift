#if CLI && SQLite && Server
  import CEL
  import PolicyEngine

  /// Reads settings from a JSON file, and says where what is wrong.
  struct SettingsFile {
    private let tape: JSONTape
    private let lines: LineMap
    private let path: String
    private(set) var values: [String: String] = [:]
    private(set) var findings: [Finding] = []

    /// Reads a file whose bytes these are. Everything that is wrong is in `findings`.
    init(_ bytes: [UInt8], path: String) {
      var tape = JSONTape()
      var fault: JSONError?
      do throws(JSONError) {
        try tape.read(bytes, limits: JSONLimits(bytes: 1 << 20, depth: 10, nodes: 10_000))
      } catch {
        fault = error
      }
      (self.tape, self.path, lines) = (tape, path, LineMap(bytes))
      if let fault {
        report(fault.code.rawValue, fault.message, fault.help, fault.offset)
      } else if tape.kind(of: tape.root) == .object {
        read(tape.root, "")
      } else {
        report("setting", "settings must be an object", nil, 0)
      }
    }

    private mutating func read(_ object: Int, _ prefix: String) {
      var children = tape.children(of: object).makeIterator()
      while let name = children.next(), let value = children.next() {
        let key = prefix + tape.string(of: name)
        if let setting = ServeSetting.all.first(where: { $0.key == key }) {
          take(setting, value)
        } else if tape.kind(of: value) == .object,
          ServeSetting.all.contains(where: { $0.key.hasPrefix(key + ".") })
        {
          read(value, key + ".")
        } else if key != "$schema" {
          let known = ServeSetting.all.map(\.key)
          report(
            "unknown-setting", "there is no setting `\(key)`",
            suggestion(for: key, among: known).map { "did you mean `\($0)`?" },
            Int(tape.nodes[name].start))
        }
      }
    }

    private mutating func take(_ setting: ServeSetting, _ node: Int) {
      let kind = tape.kind(of: node)
      switch setting.kind {
      case .text where kind == .string: values[setting.key] = tape.string(of: node)
      case .whole where kind == .int || kind == .uint: values[setting.key] = tape.spelling(of: node)
      case .toggle where kind == .true || kind == .false:
        values[setting.key] = tape.spelling(of: node)
      case .list where kind == .array:
        let elements = Array(tape.children(of: node))
        if let odd = elements.first(where: { tape.kind(of: $0) != .string }) {
          report(
            "setting", "`\(setting.key)` must be a list of texts", nil, Int(tape.nodes[odd].start))
        }
        values[setting.key] = elements.map { tape.string(of: $0) }.joined(separator: ",")
      default:
        report(
          "setting", "`\(setting.key)` must be \(wanted(setting.kind))", setting.about,
          Int(tape.nodes[node].start))
      }
    }

    private func wanted(_ kind: ServeSetting.Kind) -> String {
      switch kind {
      case .text: "a text"
      case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
      case .toggle: "true or false"
      case .list: "a list of texts"
      }
    }

    private mutating func report(_ code: String, _ message: String, _ help: String?, _ offset: Int)
    {
      var finding = Finding(code, message, help: help)
      let place = lines.position(of: offset)
      finding.position = SourcePosition(file: path, line: place.line, column: place.column)
      findings.append(finding)
    }
  }
#endif
