import CEL
import PolicyEngine

/// Names that readers take for each other, and texts that are not what they look like.
extension LintRun {
  private struct Name {
    var text: String
    var file: SourceFile
    var node: Int
    var owner: Int
  }

  mutating func checkNames() {
    var kinds: [String: [Name]] = [:]
    for document in policies {
      let file = document.file
      func add(_ kind: String, _ named: [Named], _ owner: (Named) -> Int) {
        kinds[kind, default: []] += named.map {
          Name(text: $0.name, file: file, node: $0.node, owner: owner($0))
        }
      }
      add("rule", document.rules.map(\.id)) { id in
        document.rules.first { $0.id.node == id.node }?.node ?? 0
      }
      add("privilege", document.privileges.map(\.name)) { $0.node + 1 }
      add("role", document.roles.map(\.name)) { $0.node + 1 }
      add("definition", document.definitions.map(\.name)) { $0.node + 1 }
      add("backend role", document.mappings.flatMap { $0.backendRoles + $0.allBackendRoles }) {
        _ in 0
      }
      add("user", document.mappings.flatMap(\.users)) { _ in 0 }
    }
    for (kind, names) in kinds.sorted(by: { $0.key < $1.key }) { compare(names, kind) }
    checkScripts()
  }

  private mutating func compare(_ names: [Name], _ kind: String) {
    var first: [String: Name] = [:]
    for name in names {
      let skeleton = Self.skeleton(name.text)
      guard let other = first[skeleton] else {
        first[skeleton] = name
        continue
      }
      if Array(other.text.utf8) != Array(name.text.utf8) { confuse(name, other, kind) }
    }
    // One letter more or less is seen only by who looks for it.
    guard names.count <= AnalysisLimits.comparedNames else {
      return note(
        "there are more than \(AnalysisLimits.comparedNames) names of one kind: only their shapes were compared"
      )
    }
    for (index, name) in names.enumerated() where name.text.utf8.count >= 8 {
      for other in names[..<index] where Self.differInOneLetter(name.text, other.text) {
        confuse(name, other, kind)
        break
      }
    }
  }

  private mutating func confuse(_ name: Name, _ other: Name, _ kind: String) {
    report(
      .confusableName, "the \(kind) `\(name.text)` is easily taken for `\(other.text)`", name.file,
      at: name.node, in: name.owner,
      help:
        "give them names that differ more; the other stands at \(other.file.position(ofNode: other.node))"
    )
  }

  /// What is left of a name when letters that look alike are the same.
  static func skeleton(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "-", "_", ".": continue
      case "0": result += "o"
      case "1", "I", "|": result += "l"
      default: result += Scripts.lookalikes[scalar] ?? scalar.properties.lowercaseMapping
      }
    }
    return result.replacing("rn", with: "m").replacing("vv", with: "w")
  }

  private static func differInOneLetter(_ first: String, _ second: String) -> Bool {
    guard first.utf8.count != second.utf8.count || isTransposition(first, second) else {
      return false
    }
    guard editDistance(first, second, limit: 1) == 1 else { return false }
    func digits(_ text: String) -> [UInt8] { text.utf8.filter { $0 >= 0x30 && $0 <= 0x39 } }
    return digits(first) == digits(second)
  }

  private static func isTransposition(_ first: String, _ second: String) -> Bool {
    first.utf8.sorted() == second.utf8.sorted()
  }

  // MARK: Scripts

  private mutating func checkScripts() {
    for document in policies {
      let tape = document.file.tape
      for node in tape.nodes.indices where tape.kind(of: node) == .string {
        guard let fault = Scripts.fault(tape.string(of: node)), isName(node, document) else {
          continue
        }
        report(
          .mixedScript, "this text \(fault)", document.file, at: node, in: owner(node, document),
          help: "write it in one script, and with characters that can be seen")
      }
    }
  }

  /// Whether a text is compared with something: descriptions and messages may mix what they like.
  private func isName(_ node: Int, _ document: PolicyDocument) -> Bool {
    guard node > 0 else { return true }
    let tape = document.file.tape
    guard tape.kind(of: node - 1) == .string else { return true }
    return !["description", "message", "source"].contains(tape.string(of: node - 1))
  }

  /// The rule that a node stands in, or the document.
  private func owner(_ node: Int, _ document: PolicyDocument) -> Int {
    document.rules.first { rule in
      rule.node < node && node < document.file.tape.next(after: rule.node)
    }?.node ?? 0
  }
}

/// Scripts of letters, as far as confusing them is a known trick.
enum Scripts {
  private static let ranges: [(name: String, range: ClosedRange<UInt32>)] = [
    ("Latin", 0x41...0x5A), ("Latin", 0x61...0x7A), ("Latin", 0xC0...0x24F),
    ("Latin", 0x1E00...0x1EFF), ("Greek", 0x370...0x3FF), ("Greek", 0x1F00...0x1FFF),
    ("Cyrillic", 0x400...0x52F), ("Armenian", 0x531...0x58F), ("Hebrew", 0x590...0x5FF),
    ("Arabic", 0x600...0x6FF), ("Cherokee", 0x13A0...0x13FF), ("fullwidth", 0xFF21...0xFF5A),
  ]

  /// Letters of other scripts that look like Latin ones.
  static let lookalikes: [Unicode.Scalar: String] = {
    let pairs: [(String, String)] = [
      ("аеорсухіјѕһԁ", "aeopcyxijshd"), ("АВЕКМНОРСТХІЈЅ", "abekmhopctxijs"),
      ("οαικνρτυχ", "oaiknptux"), ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abezhlkmnoptyx"),
    ]
    var table: [Unicode.Scalar: String] = [:]
    for (foreign, latin) in pairs {
      for (a, b) in zip(foreign.unicodeScalars, latin.unicodeScalars) { table[a] = String(b) }
    }
    return table
  }()

  /// What is suspicious about a text, if anything is.
  static func fault(_ text: String) -> String? {
    guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    var found: [String] = []
    for scalar in text.unicodeScalars {
      if isInvisible(scalar.value) {
        return "holds a character that can't be seen (U+\(hex(scalar.value)))"
      }
      guard let script = ranges.first(where: { $0.range.contains(scalar.value) })?.name,
        !found.contains(script)
      else { continue }
      found.append(script)
    }
    return found.count > 1 ? "mixes \(found.joined(separator: " and ")) letters" : nil
  }

  private static func isInvisible(_ value: UInt32) -> Bool {
    switch value {
    case 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF: true
    default: false
    }
  }

  private static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}
