import CEL

/// The values between which a few atoms can tell, attribute by attribute.
struct AttributeValues {
  /// How conditions use an attribute.
  private struct Use {
    var isTruth = false
    var isScalar = false
    var isOrdered = false
    var isList = false
    var isOpaque = false
    var hasMembers = false
    var constants: [CELValue] = []
  }

  private var uses: [[String]: Use] = [:]
  /// Attributes that are compared with each other share their values: who stands for whom.
  private var leader: [[String]: [String]] = [:]
  private let assumptions: Assumptions
  /// Attributes with fewer values than conditions can tell apart.
  private(set) var cut: Set<[String]> = []

  init(_ atoms: [Atom], _ assumptions: Assumptions) {
    self.assumptions = assumptions
    for atom in atoms { note(atom) }
    for (path, values) in assumptions.mentioned {
      use(path) { $0.constants += values }
    }
  }

  private mutating func use(_ path: [String], _ change: (inout Use) -> Void) {
    change(&uses[path, default: Use()])
    for length in 2..<max(2, path.count) {
      uses[Array(path.prefix(length)), default: Use()].hasMembers = true
    }
  }

  private mutating func note(_ atom: Atom) {
    switch atom.form {
    case .truth(let path): use(path) { $0.isTruth = true }
    case .presence(let path): use(path) { _ in }
    case .equals(let path, let values):
      use(path) {
        $0.isScalar = true
        $0.constants += values
      }
    case .order(let path, let value):
      use(path) {
        $0.isScalar = true
        $0.isOrdered = true
        $0.constants.append(value)
      }
    case .contains(let path, let value):
      use(path) {
        $0.isList = true
        $0.constants.append(value)
      }
    case .same(let first, let second):
      for path in [first, second] { use(path) { $0.isScalar = true } }
      join(first, second)
    case .member(let element, let list):
      use(element) { $0.isScalar = true }
      use(list) { $0.isList = true }
      join(element, list)
    case .shared(let first, let second):
      for path in [first, second] { use(path) { $0.isList = true } }
      join(first, second)
    case .opaque:
      for path in atom.reads {
        use(path) {
          $0.isOpaque = true
          $0.constants += atom.constants
        }
      }
    }
  }

  // MARK: Groups

  private func find(_ path: [String]) -> [String] {
    var path = path
    while let next = leader[path] { path = next }
    return path
  }

  private mutating func join(_ first: [String], _ second: [String]) {
    let (a, b) = (find(first), find(second))
    if a != b { leader[a] = b }
  }

  private func group(of path: [String]) -> [[String]] {
    let wanted = find(path)
    return uses.keys.filter { find($0) == wanted }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The scalars that the attributes of a group take: constants, values between numbers, and as
  /// many that are like nothing else as there are attributes to be told apart.
  private func pool(_ group: [[String]]) -> [CELValue] {
    var constants: [CELValue] = []
    for path in group {
      for value in uses[path]?.constants ?? [] where !constants.contains(value) {
        constants.append(value)
      }
    }
    var pool = constants.filter(\.isScalar)
    let numbers = constants.filter(\.isNumber)
    let isOrdered = group.contains { uses[$0]?.isOrdered ?? false }
    if isOrdered || !numbers.isEmpty { pool += NumberGaps.values(around: numbers, group.count) }
    // What one of them may be, those that equal it may be too.
    if group.count > 1, group.contains(where: { uses[$0]?.isTruth ?? false }) {
      pool += [.bool(true), .bool(false)].filter { !pool.contains($0) }
    }
    if numbers.isEmpty || group.count > 1 {
      pool += fresh(max(1, min(3, group.count)), besides: constants)
    }
    return pool
  }

  private func fresh(_ count: Int, besides constants: [CELValue]) -> [CELValue] {
    (0..<count).map { index in
      var text = ["other", "another", "third"][index]
      while constants.contains(.string(text)) { text += "'" }
      return .string(text)
    }
  }

  // MARK: Options

  /// The options of one attribute, the most usual ones first.
  mutating func options(of path: [String]) -> [AttributeSpace.Option] {
    if let value = assumptions.fixed[path] { return [.value(value)] }
    let use = uses[path] ?? Use()
    var options: [AttributeSpace.Option] = use.hasMembers ? [.object] : []
    options += values(path, use).map { .value($0) }
    if Self.isText(path) {
      let texts = options.filter { if case .value(.string) = $0 { true } else { false } }
      return texts.isEmpty ? [.value(.string("other"))] : texts
    }
    if Self.isTexts(path) { return textLists(path, options) }
    let declaration = assumptions.declared(path)
    if let declaration {
      let fitting = options.filter { Self.fits($0, declaration.type) }
      options = fitting.isEmpty ? [.value(Self.sample(declaration.type))] : fitting
    } else {
      if assumptions.hasWrongTypes { options += wrong(use) }
      if options.isEmpty { options = [.value(.string("other"))] }
    }
    if !(declaration?.isRequired ?? false) { options.append(.absent) }
    return options
  }

  private mutating func values(_ path: [String], _ use: Use) -> [CELValue] {
    var values: [CELValue] = use.isTruth ? [.bool(true), .bool(false)] : []
    let group = group(of: path)
    let pool = pool(group)
    if use.isScalar { values += pool }
    let isLinkedToList = group.count > 1 && group.contains { uses[$0]?.isList ?? false }
    if use.isList || use.isScalar && isLinkedToList { values += lists(path, pool, group) }
    // Equal objects are not among the values.
    if use.isScalar, use.hasMembers { cut.insert(path) }
    if use.isOpaque { values += samples(use.constants) }
    if values.isEmpty, !use.hasMembers { values = use.constants + [.string("other")] }
    var seen: Set<CELValue> = []
    return values.filter { seen.insert($0).inserted }
  }

  /// Subsets of the elements as lists: all of them, or those with one and two elements.
  private mutating func lists(
    _ path: [String], _ pool: [CELValue], _ group: [[String]]
  ) -> [CELValue] {
    guard pool.count <= AnalysisLimits.subsetElements else {
      cut.insert(path)
      return [.list([])] + pool.map { .list([$0]) } + [.list(pool)]
    }
    return (0..<(1 << pool.count)).map { bits in
      .list(pool.enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.element))
    }.sorted { $0.elementCount < $1.elementCount }
  }

  /// Values for parts that are not understood: what they mention, and things around it.
  private func samples(_ constants: [CELValue]) -> [CELValue] {
    var values: [CELValue] = []
    for constant in constants.prefix(6) {
      switch constant {
      case .string(let text):
        values += [.string(text), .string(text + "x"), .string("x" + text), .list([.string(text)])]
      case .int, .uint, .double: values += [constant] + NumberGaps.values(around: [constant], 1)
      default: values.append(constant)
      }
    }
    return values + [
      .string("other"), .string(""), .int(1), .bool(true), .bool(false), .list([]),
      .list([.string("other")]), .list([.string("other"), .string("another")]),
    ]
  }

  /// A value of a type that conditions do not expect.
  private func wrong(_ use: Use) -> [AttributeSpace.Option] {
    if use.isList { return [.value(.int(0))] }
    if use.isTruth || use.hasMembers || use.isOrdered { return [.value(.string("other"))] }
    return use.isOpaque ? [.value(.null)] : []
  }

  // MARK: Attributes with a type of their own

  /// What a request always has, as a text.
  static func isText(_ path: [String]) -> Bool {
    switch path {
    case ["subject", "type"], ["subject", "id"], ["resource", "type"], ["resource", "id"],
      ["action", "name"]:
      true
    default: false
    }
  }

  /// What a request may only have as a list of texts.
  static func isTexts(_ path: [String]) -> Bool {
    switch path {
    case ["subject", "roles"], ["subject", "unknown_roles"], ["subject", "backend_roles"]: true
    default: false
    }
  }

  private func textLists(
    _ path: [String], _ options: [AttributeSpace.Option]
  ) -> [AttributeSpace.Option] {
    var lists = options.filter { option in
      guard case .value(.list(let elements)) = option else { return false }
      return elements.allSatisfy { if case .string = $0 { true } else { false } }
    }
    if lists.isEmpty { lists = [.value(.list([]))] }
    var offered = lists.compactMap { if case .value(let value) = $0 { value } else { nil } }
    for list in Self.lists(of: assumptions.mentioned[path] ?? []) where !offered.contains(list) {
      offered.append(list)
      lists.append(.value(list))
    }
    return path[1] == "backend_roles" ? lists + [.absent] : lists
  }

  /// Lists of what is mentioned: every combination of a few elements, each by itself of many, and
  /// lists as they are.
  private static func lists(of mentioned: [CELValue]) -> [CELValue] {
    let elements = mentioned.filter(\.isScalar)
    let lists = mentioned.filter { !$0.isScalar }
    guard elements.count <= AnalysisLimits.subsetElements else {
      return elements.map { .list([$0]) } + lists
    }
    return (0..<(1 << elements.count)).map { bits in
      .list(elements.enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.element))
    } + lists
  }

  private static func fits(_ option: AttributeSpace.Option, _ type: CELType) -> Bool {
    switch option {
    case .value(let value): value.fits(type)
    case .object:
      switch type {
      case .record, .map, .dyn: true
      default: false
      }
    case .absent, .outcome: true
    }
  }

  private static func sample(_ type: CELType) -> CELValue {
    switch type {
    case .bool: .bool(true)
    case .int: .int(1)
    case .uint: .uint(1)
    case .double: .double(1)
    case .list: .list([])
    case .map, .record: .map([])
    case .timestamp: .timestamp(seconds: 1_700_000_000, nanoseconds: 0)
    case .duration: .duration(1_000_000_000)
    default: .string("other")
    }
  }
}

extension CELValue {
  fileprivate var elementCount: Int {
    if case .list(let elements) = self { elements.count } else { 0 }
  }

  /// Whether a value of a declared type may be this one.
  func fits(_ type: CELType) -> Bool {
    switch (self, type) {
    case (_, .dyn), (_, .unknown), (.bool, .bool), (.int, .int), (.uint, .uint),
      (.double, .double), (.string, .string), (.bytes, .bytes), (.null, .null),
      (.timestamp, .timestamp), (.duration, .duration), (.map, .map), (.map, .record):
      true
    case (.list(let elements), .list(let element)): elements.allSatisfy { $0.fits(element) }
    case (_, .nullable(let inner)): self == .null || fits(inner)
    default: false
    }
  }
}

/// Numbers that lie between others.
enum NumberGaps {
  /// For every gap between the numbers, before the first and behind the last: `count` numbers in it.
  static func values(around numbers: [CELValue], _ count: Int) -> [CELValue] {
    let sorted = Set(numbers.compactMap(\.number)).sorted()
    let count = max(1, min(3, count))
    guard let first = sorted.first, let last = sorted.last else {
      return (1...count).map { .int(Int64($0)) }
    }
    var values: [CELValue] = (1...count).map { value(first - Double($0)) }
    for (low, high) in zip(sorted, sorted.dropFirst()) {
      for step in 1...count {
        let whole = low.rounded(.down) + Double(step)
        values.append(
          whole < high && low.rounded(.down) + Double(count) < high
            ? value(whole) : .double(low + (high - low) * Double(step) / Double(count + 1)))
      }
    }
    values += (1...count).map { value(last + Double($0)) }
    return values
  }

  private static func value(_ number: Double) -> CELValue {
    Int64(exactly: number).map { .int($0) } ?? .double(number)
  }
}

extension CELValue {
  /// The number, as near as a double comes.
  var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .uint(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }
}
