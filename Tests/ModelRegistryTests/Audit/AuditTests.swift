import CEL
import ModelRegistry
import PolicyEngine
import RegistryRaces
import StoreContract
import Testing

/// What an audit finds, record by record.
@Suite struct AuditTests {
  /// What is found on these records, as `kind name code severity`.
  static func findings(
    _ records: [Record], policies: PolicySet? = nil, callers: AuditCallers = AuditCallers(),
    exempt: Set<RecordKey> = []
  ) throws -> [String] {
    let names = records.compactMap { record -> Record? in
      guard case .group(let group) = record else { return nil }
      return .groupName(name: group.name, group: group.id)
    }
    let audit = RegistryAudit(
      try policies ?? Policies.shipped.get(), callers: callers, at: 1_700_000_000_000,
      exempt: exempt)
    var found: [String] = []
    let summary = try audit.run(on: MemoryStore.snapshot(of: names + records)) { finding in
      found.append("\(finding.key.parts.name) \(finding.code) \(finding.severity)")
    }
    #expect(summary.violations + summary.warnings == found.count)
    return found
  }

  static let owner = ModelGroup.Owner(
    name: "user1", backendRoles: ["IT", "HR"], roles: ["ml_full_access"])

  static func group(
    _ access: ModelGroup.Access, _ backendRoles: [String] = [], owner: ModelGroup.Owner? = owner,
    id: String = "g"
  ) -> Record {
    .group(
      ModelGroup(id: id, name: "n", backendRoles: backendRoles, owner: owner, access: access))
  }

  static let model = Record.trainedModel(
    TrainedModel(id: "m", inferenceType: "regression", inputFields: ["a"]))
  static let pytorch = Record.trainedModel(
    TrainedModel(id: "p", modelType: .pytorch, inferenceType: "ner", definitionBytes: 1))

  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var records: [Record]
    var found: [String]
    var callers = AuditCallers()

    init(
      _ name: String, _ records: [Record], _ found: [String] = [],
      callers: AuditCallers = AuditCallers()
    ) {
      (testDescription, self.records) = (name, records)
      (self.found, self.callers) = (found, callers)
    }
  }

  static let cases: [Case] = [
    Case("a private group with its owner", [group(.private)]),
    Case("a public group with its owner", [group(.public)]),
    Case("a restricted group with its owner's roles", [group(.restricted, ["IT"])]),
    Case(
      "a private group with roles", [group(.private, ["IT"])],
      ["g group-roles-only-if-restricted violation"]),
    Case(
      "a restricted group without roles", [group(.restricted)],
      ["g group-restricted-has-roles violation", "g owner-locked-out violation"]),
    Case(
      "a restricted group of other roles", [group(.restricted, ["Finance"])],
      ["g group-roles-are-the-callers violation", "g owner-locked-out violation"]),
    Case(
      "a restricted group with a role that the owner lacks",
      [group(.restricted, ["IT", "Finance"])],
      ["g group-roles-are-the-callers violation"]),
    Case(
      "an administrator's group for others",
      [
        group(
          .restricted, ["Finance"],
          owner: .init(name: "root", backendRoles: ["admin"], roles: ["all_access"]))
      ]),
    Case(
      "a private group without an owner", [group(.private, owner: nil)],
      ["g owner-missing violation"]),
    Case(
      "a public group without an owner", [group(.public, owner: nil)], ["g owner-missing warning"]),
    Case(
      "no owners are needed while access control is off",
      [
        .setting(name: "access_control_enabled", value: "false"), group(.private, owner: nil),
        group(.restricted, ["Finance"], id: "h"),
      ], ["g group-name-is-new violation"]),
    Case(
      "an owner who is gone", [group(.private)], ["g owner-gone violation"],
      callers: AuditCallers(users: [:])),
    Case(
      "an owner who lost the role", [group(.private)], ["g unauthorized violation"],
      callers: AuditCallers(users: ["user1": AuditCallers.user("user1")])),
    Case(
      "an owner who lost the backend role", [group(.restricted, ["IT"])],
      [
        "g group-registrant-has-a-role violation", "g group-roles-are-the-callers violation",
        "g owner-locked-out violation",
      ],
      callers: AuditCallers(
        users: ["user1": AuditCallers.user("user1", roles: ["ml_full_access"])])),
    Case(
      "asked as somebody else", [group(.restricted, ["IT"])],
      ["g group-registrant-has-a-role violation", "g group-roles-are-the-callers violation"],
      callers: AuditCallers(everything: AuditCallers.user("kim", roles: ["ml_full_access"]))),
    Case(
      "an id that somebody chose", [group(.private, id: "_g")],
      ["_g group-id-no-leading-underscore violation", "_g group-id-characters violation"]),
    Case("an id that nobody chose", [group(.private, id: "_zG1o4BsTb9wGq2r0a-N")]),
    Case(
      "a model without its group", [.groupModel(GroupModel(id: "x", name: "x", groupID: "lost"))],
      ["x model-group-registry-not-empty violation", "x model-group-given-exists violation"]),
    Case(
      "a model in a group",
      [group(.private), .groupModel(GroupModel(id: "x", name: "x", groupID: "g"))]),
    Case("a model and its alias", [model, .alias(ModelAlias(name: "a", modelID: "m"))]),
    Case(
      "an alias of nothing", [.alias(ModelAlias(name: "a", modelID: "m"))],
      ["a alias-model-exists violation"]),
    Case(
      "an alias that is a model's id",
      [model, pytorch, .alias(ModelAlias(name: "p", modelID: "m"))],
      ["p model-id-is-not-an-alias violation", "p alias-is-not-a-model-id violation"]),
    Case(
      "an alias of a model in a group that is not there",
      [
        .trainedModel(
          TrainedModel(id: "m", inferenceType: "regression", inputFields: ["a"], groupID: "lost")),
        .alias(ModelAlias(name: "a", modelID: "m")),
      ], ["m impossible violation", "a dangling violation"]),
    Case(
      "an alias of a PyTorch model that nothing runs",
      [pytorch, .alias(ModelAlias(name: "a", modelID: "p"))], ["a alias-not-deployed warning"]),
    Case(
      "a deployed model, called like it",
      [
        pytorch, .alias(ModelAlias(name: "a", modelID: "p")),
        .deployment(Deployment(id: "p", modelID: "p", state: .started)),
      ]),
    Case(
      "a deployment started by an alias",
      [
        pytorch, .alias(ModelAlias(name: "a", modelID: "p")),
        .deployment(Deployment(id: "a", modelID: "p", state: .started)),
      ]),
    Case(
      "a deployment of nothing", [.deployment(Deployment(id: "d", modelID: "lost"))],
      ["d deployment-model-exists violation"]),
    Case(
      "more deployments than may be",
      [
        pytorch, .setting(name: "deployment_limit", value: "1"),
        .deployment(Deployment(id: "d", modelID: "p")),
        .deployment(Deployment(id: "e", modelID: "p")),
      ], ["d deployment-limit violation", "e deployment-limit violation"]),
    Case(
      "as many deployments as may be",
      [
        pytorch, .setting(name: "deployment_limit", value: "1"),
        .deployment(Deployment(id: "d", modelID: "p")),
      ]),
    Case(
      "a licence that is not enough", [.setting(name: "license", value: "basic"), model],
      ["m model-license violation"]),
    Case(
      "a maker who may not",
      [model],
      ["m unauthorized violation"],
      callers: AuditCallers(
        users: [
          "api_user": AuditCallers.user("api_user", roles: ["machine_learning_user"])
        ])),
  ]

  @Test(arguments: cases) func finds(_ test: Case) throws {
    #expect(try Self.findings(test.records, callers: test.callers) == test.found)
  }

  @Test func whatCameWithTheSystemIsExempt() throws {
    let packaged = Record.trainedModel(TrainedModel(id: ".elser"))
    #expect(try !Self.findings([packaged]).isEmpty)
    #expect(try Self.findings([packaged], exempt: [packaged.key]).isEmpty)
  }

  /// Policies that grant an action to nobody: whatever needs it is a finding.
  @Test func whatNobodyMayDoIsFound() throws {
    let policies = try Policies.inline(
      #"{ "policy": "closed", "roles": { "idle": { "description": "May nothing." } } }"#)
    #expect(try Self.findings([Self.model], policies: policies) == ["m unauthorized violation"])
  }

  /// Somebody who is assumed is no administrator where less is enough: that would hide what binds all
  /// others.
  @Test func theAssumedMayLittle() throws {
    var askers: [AuditAsker] = []
    let audit = RegistryAudit(try Policies.shipped.get(), at: 0)
    let records: [Record] = [
      .groupModel(GroupModel(id: "x", name: "x", groupID: "lost")),
      .trainedModel(TrainedModel(id: "M")), .deployment(Deployment(id: "D", modelID: "M")),
    ]
    _ = try audit.run(on: MemoryStore.snapshot(of: records)) { askers.append($0.asker) }
    let roles = Set(askers.map { $0.subject.properties["roles"] })
    #expect(
      roles == [
        .list(["ml_full_access"]), .list(["machine_learning_admin"]), .list(["inference_admin"]),
      ])
  }

  @Test func explainsWhenAsked() throws {
    let policies = try Policies.shipped.get()
    for explains in [false, true] {
      var audit = RegistryAudit(policies, at: 0)
      audit.explains = explains
      var decisions: [Decision] = []
      _ = try audit.run(
        on: MemoryStore.snapshot(of: [.alias(ModelAlias(name: "A", modelID: "m"))])
      ) { if let decision = $0.decision { decisions.append(decision) } }
      #expect(!decisions.isEmpty)
      #expect(decisions.allSatisfy { $0.reasons.allSatisfy { $0.clauses.isEmpty != explains } })
    }
  }

  /// More than a page of every kind, each examined once.
  @Test func everyPageIsExamined() throws {
    let count = RegistryLimits.pageSize * 2 + 1
    let records = (0..<count).map { Record.alias(ModelAlias(name: "a\($0)a", modelID: "none")) }
    let snapshot = MemoryStore.snapshot(of: records)
    #expect(try RegistryAudit.count(in: snapshot) == count)
    var (seen, last): (Set<String>, Int) = ([], 0)
    let audit = RegistryAudit(try Policies.shipped.get(), at: 0)
    let summary = try audit.run(on: snapshot, progress: { last = $0 }) {
      seen.insert($0.key.parts.name)
    }
    #expect(seen.count == count && summary.examined[.alias] == count && last == count)
    #expect(summary.affected == [.alias: count])
  }
}
