import CEL
import Foundation
import PolicyEngine
import PolicyGate
import StoreContract
import RegistryRaces
import Testing

@testable import ModelRegistry

/// Operations that tests write down: what policies are asked, what the registry says, and what is
/// wrong with how they are written.
@Suite struct StatedOperationTests {
  static func rehearse(
    _ operation: String, on registry: String? = nil
  ) throws -> StatedOperation.Answer {
    try StatedOperation.rehearse(
      PolicySource(name: "operation", bytes: Array(operation.utf8)),
      on: registry.map { PolicySource(name: "registry", bytes: Array($0.utf8)) })
  }

  static func operation(_ name: String, _ parameters: String, by: Request.Entity = .root) -> String
  {
    var writer = JSONWriter(.compact)
    Request(subject: by, action: .init(name: ""), resource: .init(type: "", id: ""))
      .write(to: &writer)
    var tape = JSONTape()
    try? tape.read(writer.bytes)
    let subject = tape.member("subject", of: tape.root).map { tape.sourceRange(of: $0) } ?? 0..<0
    return """
      { "name": "\(name)", "parameters": { \(parameters) },
        "subject": \(String(decoding: tape.source[subject], as: UTF8.self)) }
      """
  }

  /// An operation as tests write it, and as programs do.
  struct Pair: Sendable {
    let name, parameters: String
    let rehearse: @Sendable (ModelRegistry, Request.Entity) async throws -> Rehearsal

    init<Op: RegistryWrite>(_ name: String, _ parameters: String, _ operation: Op) {
      (self.name, self.parameters) = (name, parameters)
      rehearse = { try await $0.rehearse(operation, by: $1) }
    }
    init<Op: RegistryRead>(_ name: String, _ parameters: String, _ operation: Op) {
      (self.name, self.parameters) = (name, parameters)
      rehearse = { try await $0.rehearse(operation, by: $1) }
    }
    init<Op: RegistrySearch>(_ name: String, _ parameters: String, _ operation: Op) {
      (self.name, self.parameters) = (name, parameters)
      rehearse = { try await $0.rehearse(operation, by: $1) }
    }
  }

  /// Every operation that can be named, on two names.
  static func pairs(_ a: String, _ b: String) -> [Pair] {
    let access = GroupAccessParameters(
      accessMode: "restricted", backendRoles: ["IT"], addAllBackendRoles: false)
    let accessJSON =
      #""access_mode": "restricted", "backend_roles": ["IT"], "add_all_backend_roles": false"#
    return trainedModels(a, b) + [
      Pair(
        "register_group", #""name": "\#(a)", "model_group_id": "\#(b)", \#(accessJSON)"#,
        RegisterGroup(a, id: b, access: access)),
      Pair("get_group", #""model_group_id": "\#(a)""#, GetGroup(a)),
      Pair("search_groups", "", SearchGroups()),
      Pair(
        "update_group",
        #""model_group_id": "\#(a)", "name": "\#(b)", "description": "d", \#(accessJSON)"#,
        UpdateGroup(a, name: b, summary: "d", access: access)),
      Pair("delete_group", #""model_group_id": "\#(a)""#, DeleteGroup(a)),
      Pair(
        "register_model", #""name": "\#(a)", "model_group_id": "\#(b)", "pretrained": true"#,
        RegisterModel(a, in: b, isPretrained: true)),
      Pair(
        "register_model_meta", #""name": "\#(a)", "model_group_id": "\#(b)""#,
        RegisterModelMeta(a, in: b)),
      Pair("get_model", #""model_id": "\#(a)""#, GetModel(a)),
      Pair("search_models", "", SearchModels()),
      Pair(
        "update_model", #""model_id": "\#(a)", "name": "n", "model_group_id": "\#(b)""#,
        UpdateModel(a, name: "n", movingTo: b)),
      Pair("delete_model", #""model_id": "\#(a)""#, DeleteModel(a)),
      Pair("deploy_model", #""model_id": "\#(a)""#, DeployModel(a)),
      Pair(
        "undeploy_model", #""model_id": "\#(a)", "model_ids": ["\#(a)", "\#(b)"]"#,
        UndeployModel(a, among: [a, b])),
      Pair("predict", #""model_id": "\#(a)""#, Predict(a)),
      Pair(
        "put_pipeline", #""pipeline_id": "\#(a)", "names": ["\#(b)"]"#, PutPipeline(a, naming: [b])),
      Pair("delete_pipeline", #""pipeline_id": "\#(a)""#, DeletePipeline(a)),
      Pair("list_pipelines", "", ListPipelines()),
      Pair(
        "change_setting", #""setting": "license", "value": "basic""#,
        ChangeSetting(.license, to: "basic")),
      Pair("read_settings", "", ReadSettings()),
    ]
  }

  private static func trainedModels(_ a: String, _ b: String) -> [Pair] {
    [
      Pair(
        "put_trained_model",
        #""model_id": "\#(a)", "model_type": "pytorch", "inference_type": "ner", "tags": ["\#(b)"], "model_group_id": "\#(b)", "input_fields": ["x"], "body_fields": ["y"], "defer_definition_decompression": true"#,
        PutTrainedModel(
          TrainedModel(
            id: a, modelType: .pytorch, inferenceType: "ner", inputFields: ["x"], tags: [b],
            groupID: b), bodyFields: ["y"], defersDecompression: true)),
      Pair("get_trained_model", #""model_id": "\#(a)""#, GetTrainedModel(a)),
      Pair("list_trained_models", #""tags": ["t"]"#, ListTrainedModels(tags: ["t"])),
      Pair(
        "delete_trained_model", #""model_id": "\#(a)", "force": true"#,
        DeleteTrainedModel(a, force: true)),
      Pair(
        "put_alias", #""alias": "\#(a)", "model_id": "\#(b)", "reassign": true"#,
        PutAlias(a, of: b, reassign: true)),
      Pair("resolve_alias", #""alias": "\#(a)""#, ResolveAlias(a)),
      Pair("delete_alias", #""alias": "\#(a)", "model_id": "\#(b)""#, DeleteAlias(a, of: b)),
      Pair(
        "start_deployment",
        #""model_id": "\#(a)", "deployment_id": "\#(b)", "number_of_allocations": 2, "threads_per_allocation": 4, "queue_capacity": 8, "priority": "low", "timeout_ms": 1"#,
        StartDeployment(
          of: a, as: b, allocations: 2, threadsPerAllocation: 4, queueCapacity: 8,
          priority: "low", timeout: 1)),
      Pair(
        "update_deployment", #""deployment_id": "\#(a)", "number_of_allocations": 3"#,
        UpdateDeployment(a, allocations: 3)),
      Pair(
        "report_deployment",
        #""deployment_id": "\#(a)", "state": "failed", "current_allocations": 0, "reason": "r""#,
        ReportDeployment(a, state: .failed, currentAllocations: 0, reason: "r")),
      Pair(
        "stop_deployment", #""deployment_id": "\#(a)", "force": true, "allow_no_match": false"#,
        StopDeployment(a, force: true, allowNoMatch: false)),
      Pair("list_deployments", "", ListDeployments()),
      Pair("infer", #""model_id": "\#(a)""#, ResolveCall(a)),
    ]
  }

  @Test func pairsAreAllThatThereIs() {
    #expect(Self.pairs("a", "b").map(\.name) == NamedOperation.all.map(\.name))
  }

  /// The schema names every operation, and nothing else.
  @Test func schemaNamesThem() throws {
    let path = Checkout.root.appendingPathComponent("policies/tests.schema.json")
    let text = try String(contentsOf: path, encoding: .utf8)
    var tape = JSONTape()
    try tape.read(Array(text.utf8))
    var node = tape.root
    for name in ["$defs", "operation", "properties", "name", "anyOf"] {
      node = try #require(tape.member(name, of: node))
    }
    let first = try #require(tape.children(of: node).first { _ in true })
    let words = try #require(tape.member("enum", of: first))
    #expect(tape.children(of: words).map { tape.string(of: $0) } == NamedOperation.all.map(\.name))
  }

  /// A test can't disagree with the registry: on states that came about by operations, every
  /// operation asks and meets the same as in a dry run of the registry that holds them.
  @Test(arguments: 0..<40)
  func sameAsInARegistry(_ seed: Int) async throws {
    let registry = try await ModelRegistry.test(policies: try Policies.lenient.get())
    var chance = RandomOperations(seed: UInt64(seed))
    if seed % 3 == 0 {
      try await registry.perform(ChangeSetting(.license, to: "basic"), by: .root)
    }
    if seed % 4 == 0 {
      try await registry.perform(ChangeSetting(.accessControl, to: "false"), by: .root)
    }
    for _ in 0..<(seed * 3) {
      let operation = chance.next()
      _ = await line {
        try await operation(registry, nil); return ""
      }
    }
    let (state, hasGroups) = try await registry.inspect { snapshot in
      (try Self.stated(snapshot), try snapshot.count(of: .group) > 0)
    }
    var names = chance.names
    names += try await registry.inspect {
      try $0.page(.groupModel, after: nil, limit: 2).map(\.record.key.parts.name)
    }
    var compared = 0
    for a in names {
      for pair in Self.pairs(a, chance.random.pick(names)) {
        let real = try await pair.rehearse(registry, .user1)
        var told = try Self.rehearse(
          Self.operation(pair.name, pair.parameters, by: .user1), on: state)
        told.request.context["now"] = nil
        var request = real.request
        // Whether there were groups once is no part of what is written down.
        if !hasGroups {
          request.context["model_group_index_exists"] =
            told.request.context["model_group_index_exists"]
        }
        // Ids that the registry chooses.
        if pair.name == "register_model" { told.request.resource.id = request.resource.id }
        #expect(told.request.json() == request.json(), "\(pair.name) on \(state)")
        #expect(told.obstacle?.kind == real.obstacle?.kind.rawValue, "\(pair.name) on \(state)")
        #expect(told.obstacle?.message == real.obstacle?.message)
        compared += 1
      }
    }
    #expect(compared >= 5 * NamedOperation.all.count)
  }

  /// A state as tests write it.
  static func stated(_ snapshot: any StoreSnapshot) throws -> String {
    var parts: [String: [String]] = [:]
    func add(_ part: String, _ name: String, _ value: Any) throws {
      let data = try JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed)
      parts[part, default: []].append(#""\#(name)": \#(String(decoding: data, as: UTF8.self))"#)
    }
    for kind in Record.Kind.allCases {
      for found in try snapshot.page(kind, after: nil, limit: 1_000) {
        switch found.record {
        case .trainedModel(let model):
          var value: [String: Any] = [
            "model_type": model.modelType.rawValue, "tags": model.tags,
            "input_fields": model.inputFields, "license_level": model.licenseLevel,
          ]
          value["inference_type"] = model.inferenceType
          value["model_group_id"] = model.groupID
          value["definition_bytes"] = model.definitionBytes
          try add("trained_models", model.id, value)
        case .alias(let alias): try add("aliases", alias.name, alias.modelID)
        case .deployment(let deployment):
          try add(
            "deployments", deployment.id,
            ["model_id": deployment.modelID, "state": deployment.state.rawValue])
        case .pipeline(let pipeline): try add("pipelines", pipeline.id, pipeline.names)
        case .group(let group):
          var value: [String: Any] = [
            "name": group.name, "access": group.access.rawValue,
            "backend_roles": group.backendRoles, "latest_version": group.latestVersion,
          ]
          value["owner"] = group.owner?.name
          try add("model_groups", group.id, value)
        case .groupModel(let model):
          var value: [String: Any] = [
            "name": model.name, "hidden": model.isHidden, "state": model.state,
          ]
          value["model_group_id"] = model.groupID
          try add("models", model.id, value)
        case .setting(let name, let text): try add("settings", name, text)
        case .definition, .groupName, .policy: break
        }
      }
    }
    let members = parts.map { #""\#($0.key)": { \#($0.value.joined(separator: ", ")) }"# }
    return "{ \(members.joined(separator: ", ")) }"
  }

  // MARK: Faults

  static let faults: [(operation: String, registry: String?, found: [String])] = [
    ("[]", nil, ["operation:1:1 wrong-type `operation` must be an object, this is an array"]),
    (
      "{", nil,
      [
        "operation:1:2 json-unexpectedEnd expected a member name in double quotes or `}`, found the end of the text"
      ]
    ),
    (
      #"{ "subject": { "type": "user", "id": "a" } }"#, nil,
      ["operation:1:1 missing-field `operation` has no `name`"]
    ),
    (
      operation("put_alais", ""), nil,
      ["operation:1:11 unknown-operation there is no operation `put_alais`"]
    ),
    (
      operation("put_alias", #""alias": 7, "model": "m", "reassign": "yes""#), nil,
      [
        "operation:1:49 wrong-type `alias` must be a string, this is a number",
        "operation:1:78 wrong-type `reassign` must be true or false, this is a string",
        "operation:1:52 unknown-field unknown field `model` in `parameters`",
        "operation:1:38 missing-field `parameters` has no `model_id`",
      ]
    ),
    (
      #"{ "name": "get_group", "subject": { "type": "user" } }"#, nil,
      [
        "operation:1:35 missing-field `subject` has no `id`",
        "operation:1:1 missing-field `parameters` has no `model_group_id`",
      ]
    ),
    (
      #"{ "name": "search_groups", "subject": { "type": "user", "id": "a" }, "now": "noon" }"#, nil,
      ["operation:1:77 invalid-time `now` is no time"]
    ),
    (
      operation(
        "get_group",
        #""model_group_id": "\#(String(repeating: "g", count: RegistryLimits.nameBytes + 1))""#),
      nil,
      ["operation:1:38 too-large the model group id has 4097 bytes"]
    ),
    (
      operation("search_groups", ""),
      #"{ "groups": {}, "settings": { "licence": "x", "deployment_limit": -1, "access_control_enabled": [] } }"#,
      [
        "registry:1:3 unknown-field unknown field `groups` in the registry",
        "registry:1:31 unknown-setting there is no setting `licence`",
        "registry:1:67 invalid-setting setting `deployment_limit` can't be `-1`",
        "registry:1:97 wrong-type setting `access_control_enabled` must be a string, a number or a boolean, this is an array",
      ]
    ),
    (
      operation("search_groups", ""),
      #"{ "aliases": { "a": "delay-2" }, "trained_models": { "delay-1": { "kind": 1 } } }"#,
      [
        "registry:1:67 unknown-field unknown field `kind` in trained model `delay-1`",
        "registry:1:21 dangling alias `a` refers to trained model `delay-2`, which is not in this registry",
      ]
    ),
    (
      operation("search_groups", ""),
      #"{ "aliases": { "a": "a" }, "trained_models": { "a": {} }, "deployments": { "d": {} } }"#,
      [
        "registry:1:81 missing-field deployment `d` has no `model_id`",
        "registry:1:16 name-taken alias `a` is the id of a trained model too",
      ]
    ),
    (
      operation("search_groups", ""),
      #"{ "model_groups": { "g": { "name": "n" }, "h": { "name": "n" } }, "models": { "m": { "model_group_id": "i" } } }"#,
      [
        "registry:1:58 name-taken model groups `g` and `h` have one name, `n`",
        "registry:1:84 dangling model `m` refers to model group `i`, which is not in this registry",
      ]
    ),
  ]

  @Test(arguments: faults.indices)
  func faultsHaveAPlace(_ index: Int) throws {
    let (operation, registry, found) = Self.faults[index]
    let error = #expect(throws: PolicyLoadError.self) {
      try Self.rehearse(operation, on: registry)
    }
    let lines = error?.diagnostics.map { "\($0.position) \($0.code) \($0.message)" }
    #expect(lines == found)
  }

  /// When it is, is said or midnight at the start of 2000: there is no clock.
  @Test func timeIsStated() throws {
    let plain = try Self.rehearse(Self.operation("search_groups", ""))
    #expect(plain.request.context["now"] == .timestamp(milliseconds: 946_684_800_000))
    let said = try Self.rehearse(
      #"{ "name": "search_groups", "now": "2026-01-31T12:00:00.5Z", "subject": { "type": "user", "id": "a" } }"#
    )
    #expect(said.request.context["now"] == .timestamp(milliseconds: 1_769_860_800_500))
  }
}
