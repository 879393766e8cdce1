import CEL

/// Finds the rules that can matter for a request: first by its action, then by texts that their
/// conditions require. Flat arrays in one shared object: asking it costs no reference count.
///
/// The index only leaves out rules whose conditions are certainly false for the request
/// (`ConditionAtom`), so a decision with it and one without it are the same; `isEnabled` switches
/// the second step off, for the test that proves it.
final class RuleIndex: Sendable {
  /// Rules of one action set whose conditions require a text at one path.
  struct Group: BitwiseCopyable, Sendable {
    /// Where the path begins, and its names in `fields`.
    var register: Int32
    var fieldStart: Int32
    var fieldCount: Int32
    var kind: ConditionAtom.Kind
    /// All its rules, in `ruleLists`: asked when the path has no value.
    var start: Int32
    var count: Int32
  }
  let codes: [RuleCode]
  /// What is asked of each rule first.
  let questions: [Question]
  let types: [TextID]
  let groups: [Group]
  let fields: [TextID]
  let ruleLists: [Int32]
  /// Rules of a group that require a text, as a range of `ruleLists`.
  let buckets: BucketTable
  let entries: [ActionEntry]
  /// The entry of an action by text id, or -1.
  let entryOfText: [Int32]
  /// Sets, privileges, rules and groups of the entries.
  let lists: [Int32]
  /// Action sets below this number may be a role's; the others are rules' alone.
  let roleSets: Int
  let isEnabled: Bool

  private let sets: ActionSetTable
  private let rulesOfSet: [[Int32]]
  private let groupsOfSet: [[Int32]]
  private let privilegesOfSet: [[Int32]]

  /// Indexes rules, which must already stand in the order in which they are asked. The names are
  /// those of the actions that the set names.
  init(
    _ rules: IndexedRules, _ roles: inout RoleTable, actions: [[UInt8]],
    _ builder: inout ProgramBuilder, isEnabled: Bool
  ) {
    var parts = RuleIndexBuilder(rules, &roles, &builder)
    self.isEnabled = isEnabled
    var entries: [ActionEntry] = []
    var entryOfText: [Int32] = []
    if isEnabled {
      for action in actions {
        let text = Int(builder.withMemory { $0.intern(action) })
        if text >= entryOfText.count {
          entryOfText.append(contentsOf: repeatElement(-1, count: text + 1 - entryOfText.count))
        }
        guard entryOfText[text] < 0 else { continue }
        entryOfText[text] = Int32(entries.count)
        let entry = parts.makeEntry(action, isIndexed: true)
        entries.append(entry)
      }
    }
    questions = parts.codes.indices.map { parts.codes[$0].question(Int32($0)) }
    (codes, types, groups, fields) = (parts.codes, parts.types, parts.groups, parts.fields)
    (ruleLists, buckets, lists) = (parts.ruleLists, parts.buckets, parts.lists)
    (sets, roleSets) = (parts.sets, parts.roleSets)
    (rulesOfSet, groupsOfSet) = (parts.rulesOfSet, parts.groupsOfSet)
    privilegesOfSet = parts.privilegesOfSet
    self.entries = entries
    self.entryOfText = entryOfText
  }

  /// The entry of an action that the set does not name, with its lists appended to `lists`.
  func makeEntry(_ action: [UInt8], _ lists: inout [Int32]) -> ActionEntry {
    RuleIndexBuilder.entry(
      of: sets.matching(action), isIndexed: isEnabled, rulesOfSet, groupsOfSet, privilegesOfSet,
      groups, ruleLists, &lists)
  }
}
