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

  let program: Program
  let rules: [LinkedRule]
  let unauthorized: [LinkedUnauthorized]
  let roles: RoleTable
  let examples: [LinkedExample]
  let fixtures: [[String: Int]]
  let files: [SourceFile]
  let known: KnownTexts
  let registers: Registers
  /// What is known of the actions that the set names.
  let actions: [TextID: ActionEntry]

  /// Registers of the program's variables.
  struct Registers: Sendable {
    let subject, action, resource, context, grantingPrivileges: Int
  }

  /// Links rule files that were read already. The order of the sources is the order in which reasons are listed.
  ///
  /// - Throws: `PolicyLoadError` with everything that is wrong with any of them.
  public init(
    _ sources: [PolicySource], timeZones: TimeZones = TimeZones()
  ) throws(PolicyLoadError) {
    var linker = Linker(timeZones: timeZones)
    linker.link(sources)
    guard !linker.diagnostics.contains(where: { $0.severity == .error }) else {
      throw PolicyLoadError(diagnostics: linker.diagnostics)
    }
    warnings = linker.diagnostics
    var roles = linker.roles
    Self.intern(&roles, linker.mappings, &linker.builder)
    var names = linker.vocabulary.actionNames
    for rule in linker.rules { names += (rule.actions?.patterns ?? []).filter(\.isExact).map(\.text) }
    for privilege in roles.privileges { names += privilege.actions.patterns.filter(\.isExact).map(\.text) }
    var actions: [TextID: ActionEntry] = [:]
    for name in names {
      let text = linker.builder.withMemory { $0.intern(name) }
      if actions[text] == nil { actions[text] = Self.entry(for: name, linker.rules, roles) }
    }
    known = linker.builder.withMemory { KnownTexts(&$0) }
    for privilege in roles.privileges { _ = linker.builder.intern(privilege.name) }
    self.actions = actions
    self.roles = roles
    rules = linker.rules
    unauthorized = linker.unauthorized
    examples = linker.examples
    fixtures = linker.fixtures
    files = linker.files
    program = linker.builder.finish()
    registers = Registers(
      subject: program.register(of: "subject") ?? 0, action: program.register(of: "action") ?? 0,
      resource: program.register(of: "resource") ?? 0, context: program.register(of: "context") ?? 0,
      grantingPrivileges: program.register(of: Linker.grantingPrivileges) ?? 0)
    revision = Self.digest(sources)
  }

  private static func digest(_ sources: [PolicySource]) -> String {
    var digest = SHA256()
    for source in sources {
      // Length before content, so that no two different sets read alike.
      digest.update(Array("\(source.bytes.count):".utf8))
      digest.update(source.bytes)
    }
    return digest.hex()
  }

  static func entry(for action: [UInt8], _ rules: [LinkedRule], _ roles: RoleTable) -> ActionEntry {
    ActionEntry(
      rules: rules.indices.filter { rules[$0].actions?.contains(action) ?? true },
      grants: roles.grants(action), privileges: roles.privileges(granting: action))
  }

  /// Role names and mappings by text id.
  private static func intern(
    _ roles: inout RoleTable, _ mappings: [PolicyDocument.Mapping], _ builder: inout ProgramBuilder
  ) {
    for role in roles.roles { roles.textOfRole.append(builder.intern(role.name)) }
    for mapping in mappings {
      guard let role = roles.roleIndex[mapping.role.name] else { continue }
      for user in mapping.users { roles.rolesOfUser[builder.intern(user.name), default: []].append(role) }
      for name in mapping.backendRoles {
        roles.rolesOfBackendRole[builder.intern(name.name), default: []].append(role)
      }
      if !mapping.allBackendRoles.isEmpty {
        roles.jointMappings.append(
          RoleTable.Mapping(role: role, backendRoles: mapping.allBackendRoles.map { builder.intern($0.name) }))
      }
    }
    let count = Int(roles.textOfRole.max() ?? 0) + 1
    roles.roleOfText = [Int32](repeating: -1, count: count)
    for (index, text) in roles.textOfRole.enumerated() { roles.roleOfText[Int(text)] = Int32(index) }
  }
}
