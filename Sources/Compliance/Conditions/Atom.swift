import CEL

/// A value inside of a condition, as far as analysis understands it.
indirect enum Term: Sendable {
  /// A literal, or a list of literals.
  case constant(CELValue)
  /// An attribute: `["resource", "id"]`.
  case path([String])
  /// `condition ? first : second`.
  case conditional(Formula, Term, Term)
  /// Anything else: its text with definitions put in, and what it reads.
  case other(text: String, reads: [[String]], constants: [CELValue])

  var text: String {
    switch self {
    case .constant(let value): value.description
    case .path(let names): Term.text(of: names)
    case .conditional: ""
    case .other(let text, _, _): "(\(text))"
    }
  }

  /// A path as CEL writes it; names that are no words are looked up.
  static func text(of path: [String]) -> String {
    var text = path[0]
    for name in path.dropFirst() {
      let isWord = name.utf8.allSatisfy {
        $0 >= 0x61 && $0 <= 0x7A || $0 >= 0x41 && $0 <= 0x5A || $0 >= 0x30 && $0 <= 0x39
          || $0 == 0x5F
      }
      text += isWord ? ".\(name)" : "[\(CELValue.string(name))]"
    }
    return text
  }

  var reads: [[String]] {
    switch self {
    case .constant: []
    case .path(let names): [names]
    case .conditional(_, let first, let second): first.reads + second.reads
    case .other(_, let reads, _): reads
    }
  }

  var constants: [CELValue] {
    switch self {
    case .constant(.list(let values)): values
    case .constant(let value): [value]
    case .path: []
    case .conditional(_, let first, let second): first.constants + second.constants
    case .other(_, _, let constants): constants
    }
  }

  var path: [String]? { if case .path(let names) = self { names } else { nil } }
  var constant: CELValue? { if case .constant(let value) = self { value } else { nil } }
}

/// A part of a condition that is not put together of others by `&&`, `||`, `!` and `?:`.
struct Atom: Sendable {
  /// How analysis understands it. Only what is not `opaque` is decided exactly.
  enum Form: Sendable {
    /// The attribute itself.
    case truth([String])
    /// `has(path)`
    case presence([String])
    /// `path == constant`, `path in [constants]`
    case equals([String], [CELValue])
    /// `path < constant` and the like, of numbers.
    case order([String], CELValue)
    /// `constant in path`
    case contains([String], CELValue)
    /// `path == path`
    case same([String], [String])
    /// `path in path`: the element and the list
    case member([String], [String])
    /// `path.exists(x, x in path)`
    case shared([String], [String])
    case opaque
  }

  /// The part in CEL, over `subject`, `action`, `resource` and `context` alone.
  let text: String
  let form: Form
  /// Attributes that it reads.
  let reads: [[String]]
  /// Constants that it mentions.
  let constants: [CELValue]
  /// As the author wrote it.
  let written: String
  /// Which policy set it belongs to, if what it reads is worked out by the set.
  var side = 0
  /// What the real evaluator runs.
  fileprivate(set) var compiled: CompiledExpression?
  /// What decides instead of the evaluator, by the members of the subject.
  var special: (@Sendable ([String: CELValue]) -> Outcomes)?

  /// Whether it reads nothing, so that it always comes out alike.
  var isClosed = false

  var isExact: Bool { if case .opaque = form { isClosed } else { true } }
}

/// The atoms of many conditions, each once.
struct AtomTable: Sendable {
  private(set) var atoms: [Atom] = []

  /// What conditions see, of any type: the evaluator looks at the values themselves.
  private static let environment: Environment = {
    var environment = Environment(extensions: [.macros, .strings, .lists, .sets])
    for part in ConditionReader.parts { environment.declare(part, .dyn) }
    // A conditional that was drawn out may leave constants of two types to be compared.
    environment.checksTypes = false
    return environment
  }()
  private var index: [String: Int] = [:]

  subscript(number: Int) -> Atom { atoms[number] }

  mutating func add(_ atom: Atom) -> Int {
    let key = "\(atom.side) \(atom.text)"
    if let known = index[key] { return known }
    index[key] = atoms.count
    var atom = atom
    if atom.special == nil { atom.compiled = try? Self.environment.compile(atom.text) }
    atoms.append(atom)
    return atoms.count - 1
  }
}
