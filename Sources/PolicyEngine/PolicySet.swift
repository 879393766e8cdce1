public import CEL

/// A set of rule files, linked: immutable, shared by any number of threads.
///
/// ```swift
/// let policies = try PolicySet(folder: "policies")
/// var authorizer = Authorizer(policies)
/// let decision = try authorizer.decide(request)
/// if decision.isAllowed { … }
/// ```
public final class PolicySet: Sendable {
  /// A digest of everything that was loaded: two sets with one revision decide alike.
  public let revision: String
  /// Remarks that did not prevent loading.
  public let warnings: [LoadDiagnostic]

  let executable: Executable
  package var program: Program { executable.program }
  package let rules: [LinkedRule]
  /// Numbers of the rules that can allow: explanations of refusals go through them.
  let allowRules: [Int32]
  let unauthorized: [LinkedUnauthorized]
  let roles: RoleTable
  let examples: [LinkedExample]
  let fixtures: [[String: Int]]
  package let files: [SourceFile]
  let known: KnownTexts
  let registers: Registers
  /// Which rules can matter for a request.
  let index: RuleIndex

  /// Registers of the program's variables.
  struct Registers: Sendable {
    let subject, action, resource, context, grantingPrivileges: Int
  }

  /// Links rule files that were read already. The order of the sources is the order in which
  /// reasons are listed.
  ///
  /// - Throws: `PolicyLoadError` with everything that is wrong with any of them.
  public convenience init(
    _ sources: [PolicySource], timeZones: TimeZones = TimeZones()
  ) throws(PolicyLoadError) {
    try self.init(sources, timeZones: timeZones, options: LoadOptions())
  }

  /// As above, taking over from an earlier load what has not changed since.
  ///
  /// - Parameters:
  ///   - cache: what the last load with it left; filled for the next one, also by one that fails.
  ///   - progress: told now and then how many rules of how many are linked.
  public convenience init(
    _ sources: [PolicySource], timeZones: TimeZones = TimeZones(), cache: PolicyCache?,
    progress: LoadProgress? = nil
  ) throws(PolicyLoadError) {
    var options = LoadOptions()
    (options.cache, options.progress) = (cache, progress)
    try self.init(sources, timeZones: timeZones, options: options)
  }

  /// As the public initializer; without the index every rule about an action is asked, which must
  /// not change any decision.
  package convenience init(
    _ sources: [PolicySource], timeZones: TimeZones, usesIndex: Bool
  ) throws(PolicyLoadError) {
    var options = LoadOptions()
    options.usesIndex = usesIndex
    try self.init(sources, timeZones: timeZones, options: options)
  }

  /// The same set whatever the options are.
  package init(
    _ sources: [PolicySource], timeZones: TimeZones, options: LoadOptions
  ) throws(PolicyLoadError) {
    var linker = Linker(timeZones: timeZones, options: options)
    linker.link(sources)
    linker.fillCache()
    guard !linker.diagnostics.contains(where: { $0.severity == .error }) else {
      throw PolicyLoadError(diagnostics: linker.diagnostics)
    }
    warnings = linker.diagnostics
    linker.orderRules()
    var roles = linker.roles
    Self.intern(&roles, linker.mappings, &linker.builder)
    index = RuleIndex(
      linker.indexedRules, &roles, actions: linker.actionNames, &linker.builder,
      isEnabled: options.usesIndex)
    known = linker.builder.withMemory { KnownTexts(&$0) }
    for privilege in roles.privileges { _ = linker.builder.intern(privilege.name) }
    self.roles = roles
    rules = linker.rules
    allowRules = linker.rules.indices.filter {
      linker.rules[$0].effect == .allow && linker.rules[$0].mode != .audit
    }
    .map(
      Int32.init)
    unauthorized = linker.unauthorized
    examples = linker.examples
    fixtures = linker.fixtures
    files = linker.files
    let program = linker.builder.finish()
    executable = Executable(program)
    registers = Registers(
      subject: program.register(of: "subject") ?? 0, action: program.register(of: "action") ?? 0,
      resource: program.register(of: "resource") ?? 0,
      context: program.register(of: "context") ?? 0,
      grantingPrivileges: program.register(of: Linker.grantingPrivileges) ?? 0)
    revision = linker.revision
  }

  static func digest(_ sources: [PolicySource]) -> String {
    var digest = SHA256()
    for source in sources {
      // Length before content, so that no two different sets read alike.
      digest.update(Array("\(source.bytes.count):".utf8))
      digest.update(source.bytes)
    }
    return digest.hex()
  }

  private static func add(_ role: Int, _ text: TextID, _ table: inout [[Int]]) {
    while table.count <= Int(text) { table.append([]) }
    table[Int(text)].append(role)
  }

  /// Role names and mappings by text id.
  private static func intern(
    _ roles: inout RoleTable, _ mappings: [PolicyDocument.Mapping], _ builder: inout ProgramBuilder
  ) {
    for role in roles.roles { roles.textOfRole.append(builder.intern(role.name)) }
    for mapping in mappings {
      guard let role = roles.roleIndex[mapping.role.name] else { continue }
      for user in mapping.users { add(role, builder.intern(user.name), &roles.rolesOfUser) }
      for name in mapping.backendRoles {
        add(role, builder.intern(name.name), &roles.rolesOfBackendRole)
      }
      if !mapping.allBackendRoles.isEmpty {
        roles.jointMappings.append(
          RoleTable.Mapping(
            role: role, backendRoles: mapping.allBackendRoles.map { builder.intern($0.name) }))
      }
    }
    roles.rank = [Int32](repeating: 0, count: roles.roles.count)
    let byName = roles.roles.indices.sorted {
      roles.roles[$0].name.utf8.lexicographicallyPrecedes(roles.roles[$1].name.utf8)
    }
    for (rank, role) in byName.enumerated() { roles.rank[role] = Int32(rank) }
    let count = Int(roles.textOfRole.max() ?? 0) + 1
    roles.roleOfText = [Int32](repeating: -1, count: count)
    for (index, text) in roles.textOfRole.enumerated() {
      roles.roleOfText[Int(text)] = Int32(index)
    }
  }
}
