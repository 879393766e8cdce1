#if CLI && SQLite
  import ModelRegistry
  import PolicyEngine

  /// An operation that can be asked about by its action and the name of what it is about.
  struct Question {
    /// The action, as policies know it.
    let action: String
    /// What it is in a word or two.
    let name: String
    private let ask: @Sendable (ModelRegistry, String, [Request.Entity]) async throws -> [Decision]

    private init<Op: RegistryOperation>(_ name: String, _ make: @escaping @Sendable (String) -> Op)
    {
      (action, self.name) = (Op.action, name)
      ask = { registry, target, subjects in
        try await registry.assess(make(target), by: subjects)
      }
    }

    /// What policies would answer each of these subjects.
    func decisions(
      _ registry: ModelRegistry, about target: String, for subjects: [Request.Entity]
    ) async throws -> [Decision] {
      try await ask(registry, target, subjects)
    }

    /// `alias=model` for what needs both.
    private static func pair(_ target: String) -> (String, String) {
      guard let sign = target.firstIndex(of: "=") else { return (target, "model") }
      return (String(target[..<sign]), String(target[target.index(after: sign)...]))
    }

    static let all: [Question] = [
      Question("get-model") { GetTrainedModel($0) },
      Question("put-model") { PutTrainedModel(TrainedModel(id: $0)) },
      Question("delete-model") { DeleteTrainedModel($0) },
      Question("put-alias") { PutAlias(pair($0).0, of: pair($0).1, reassign: true) },
      Question("delete-alias") { DeleteAlias(pair($0).0, of: pair($0).1) },
      Question("start-deployment") { StartDeployment(of: $0) },
      Question("update-deployment") { UpdateDeployment($0, allocations: 1) },
      Question("report-deployment") {
        ReportDeployment($0, state: .started, currentAllocations: 1)
      },
      Question("stop-deployment") { StopDeployment($0) },
      Question("infer") { ResolveCall($0) },
      Question("register-group") { RegisterGroup($0) },
      Question("get-group") { GetGroup($0) },
      Question("update-group") { UpdateGroup($0) },
      Question("delete-group") { DeleteGroup($0) },
      Question("register-group-model") { RegisterModel($0) },
      Question("get-group-model") { GetModel($0) },
      Question("update-group-model") { UpdateModel($0) },
      Question("delete-group-model") { DeleteModel($0) },
      Question("deploy-group-model") { DeployModel($0) },
      Question("undeploy-group-model") { UndeployModel($0) },
      Question("predict") { Predict($0) },
      Question("put-pipeline") { PutPipeline($0, naming: []) },
      Question("delete-pipeline") { DeletePipeline($0) },
      Question("read-settings") { _ in ReadSettings() },
      Question("change-setting") {
        ChangeSetting(RegistrySetting(rawValue: $0) ?? .accessControl, to: nil)
      },
    ]

    /// By short name or by the action itself.
    static func named(_ text: String) -> Question? {
      all.first { $0.name == text || $0.action == text }
    }
  }
#endif
