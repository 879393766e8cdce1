import Exports
import ModelRegistry
import PolicyEngine
import Testing

/// Answers of Elasticsearch and OpenSearch, read as records and users.
@Suite struct ExportTests {
  @Test func readsTrainedModels() throws {
    let export = try RegistryExport.of(
      .elasticsearch,
      [
        """
        { "count": 1, "trained_model_configs": [{
          "model_id": "m", "model_type": "pytorch", "created_by": "mona", "create_time": 5,
          "model_size_bytes": 7, "estimated_operations": 3, "license_level": "basic",
          "description": "A model.", "tags": ["t"], "input": { "field_names": ["a", "b"] },
          "inference_config": { "ner": { "deep": [1] } }, "metadata": { "model_aliases": ["x"] },
          "version": "12.0.0", "unknown": null }] }
        """
      ])
    #expect(
      export.records == [
        .trainedModel(
          TrainedModel(
            id: "m", modelType: .pytorch, inferenceType: "ner", inputFields: ["a", "b"],
            tags: ["t"], summary: "A model.", createdBy: "mona", createTime: 5, sizeBytes: 7,
            estimatedOperations: 3, licenseLevel: "basic", definitionBytes: 7)),
        .alias(ModelAlias(name: "x", modelID: "m")),
      ])
    #expect(export.places[.alias("x")]?.line == 5)
    #expect(export.notes.isEmpty && export.packaged.isEmpty && export.users == nil)
  }

  @Test func readsWhatIsNotMade() throws {
    let export = try RegistryExport.of(
      .elasticsearch,
      [
        #"{ "trained_model_configs": [{ "model_id": ".elser_model_2" }, { "model_id": "lang_ident_model_1", "created_by": "_xpack", "model_type": "lang_ident" }, { "model_id": "mine", "fully_defined": false }] }"#
      ])
    #expect(
      export.packaged == [.trainedModel(".elser_model_2"), .trainedModel("lang_ident_model_1")])
    let mine = export.records.last
    #expect(mine == .trainedModel(TrainedModel(id: "mine", definitionBytes: nil)))
  }

  @Test(arguments: [
    (#""state": "started""#, Deployment.State.started),
    (#""state": "starting""#, .starting),
    (
      #""state": "started", "allocation_status": { "state": "fully_allocated", "allocation_count": 2 }"#,
      .fullyAllocated
    ),
    (#""state": "started", "allocation_status": { "state": "starting" }"#, .starting),
    (#""state": "stopping", "allocation_status": { "state": "fully_allocated" }"#, .stopping),
    (#""state": "failed""#, .failed),
    (#""threads_per_allocation": 2"#, .started),
  ])
  func readsDeployments(_ text: String, _ state: Deployment.State) throws {
    let export = try RegistryExport.of(
      .elasticsearch,
      [
        #"{ "trained_model_stats": [{ "model_id": "none" }, { "model_id": "m", "deployment_stats": { "deployment_id": "d", \#(text) } }] }"#
      ])
    guard case .deployment(let deployment)? = export.records.first else {
      Issue.record("there is no deployment")
      return
    }
    #expect(export.records.count == 1)
    #expect(deployment.id == "d" && deployment.modelID == "m" && deployment.state == state)
  }

  @Test func readsWhatSurroundsModels() throws {
    let export = try RegistryExport.of(
      .elasticsearch,
      [
        #"{ "license": { "type": "basic", "status": "active" } }"#,
        #"{ "model_aliases": { "a": { "model_id": "m" } } }"#,
        #"{ "p": { "processors": [{ "foreach": { "processor": { "inference": { "model_id": "a" } } } }, { "inference": { "model_id": "a" } }, { "set": { "field": "inference" } }] }, "q": { "processors": [] } }"#,
        #"{ "kim": { "username": "kim", "roles": ["r"] }, "off": { "username": "off", "roles": [], "enabled": false } }"#,
      ])
    #expect(
      export.records == [
        .setting(name: "license", value: "basic"), .alias(ModelAlias(name: "a", modelID: "m")),
        .pipeline(IngestPipeline(id: "p", names: ["a"])),
      ])
    #expect(export.users?.keys.sorted() == ["kim"])
    #expect(export.notes.map(\.code) == ["disabled-user"])
    #expect(export.files["0.json"] == .license && export.files["3.json"] == .elasticsearchUsers)
  }

  @Test func readsGroupsAndTheirModels() throws {
    let export = try RegistryExport.of(
      .opensearch,
      [
        """
        { "hits": { "total": { "value": 1 }, "hits": [{ "_id": "g", "_index": ".plugins-ml-model-group",
          "_source": { "name": "n", "access": "restricted", "latest_version": 2, "backend_roles": ["IT"],
            "owner": { "name": "kim", "backend_roles": ["IT"], "roles": ["r"], "custom_attribute_names": [] },
            "created_time": 1, "last_updated_time": 2 } }] } }
        """,
        """
        { "hits": { "total": 2, "hits": [
          { "_id": "x", "_index": ".plugins-ml-model", "_source": { "name": "m", "model_group_id": "g",
            "model_version": "2", "model_state": "DEPLOYED", "is_hidden": true } },
          { "_id": "x_0", "_index": ".plugins-ml-model", "_source": { "chunk_number": 0 } }] } }
        """,
      ])
    #expect(
      export.records == [
        .group(
          ModelGroup(
            id: "g", name: "n", latestVersion: 2, backendRoles: ["IT"],
            owner: .init(name: "kim", backendRoles: ["IT"], roles: ["r"]), access: .restricted,
            createdTime: 1, lastUpdatedTime: 2)),
        .groupName(name: "n", group: "g"),
        .groupModel(
          GroupModel(
            id: "x", name: "m", groupID: "g", version: 2, isHidden: true, state: "DEPLOYED")),
      ])
    #expect(export.notes.isEmpty)
  }

  @Test(arguments: [
    (
      #"{ "persistent": { "plugins": { "ml_commons": { "model_access_control_enabled": "true" } } }, "transient": {} }"#,
      "true"
    ),
    (
      #"{ "persistent": { "plugins.ml_commons.model_access_control_enabled": true }, "transient": { "plugins.ml_commons.model_access_control_enabled": "false" } }"#,
      "false"
    ),
    (
      #"{ "persistent": {}, "transient": {}, "defaults": { "plugins": { "ml_commons": { "model_access_control_enabled": "false" } } } }"#,
      "false"
    ),
    (#"{ "persistent": {}, "transient": {} }"#, nil),
  ])
  func readsTheSwitch(_ text: String, _ value: String?) throws {
    let export = try RegistryExport.of(.opensearch, [text])
    #expect(
      export.records == (value.map { [.setting(name: "access_control_enabled", value: $0)] } ?? []))
    #expect(export.notes.isEmpty == (value != nil))
  }

  /// What is not as it should be is said with its place; nothing of the files is used then.
  @Test(arguments: [
    (ExportSystem.elasticsearch, ["{"], "json-unexpectedEnd 0.json:1:2"),
    (.elasticsearch, ["[]"], "unknown-export 0.json:1:1"),
    (.elasticsearch, [#"{ "hits": { "hits": [] } }"#], "unknown-export 0.json:1:1"),
    (.elasticsearch, [#"{ "trained_model_configs": {} }"#], "wrong-type 0.json:1:28"),
    (
      .elasticsearch, [#"{ "trained_model_configs": [{ "model_type": "pytorch" }] }"#],
      "missing-field 0.json:1:29"
    ),
    (
      .elasticsearch, [#"{ "trained_model_configs": [{ "model_id": 7 }] }"#],
      "wrong-type 0.json:1:43"
    ),
    (
      .elasticsearch,
      [#"{ "trained_model_configs": [{ "model_id": "m", "model_type": "magic" }] }"#],
      "unknown-word 0.json:1:29"
    ),
    (
      .elasticsearch,
      [
        #"{ "trained_model_stats": [{ "model_id": "m", "deployment_stats": { "state": "idle" } }] }"#
      ], "unknown-word 0.json:1:66"
    ),
    (
      .elasticsearch,
      [
        #"{ "model_aliases": { "a": { "model_id": "m" } } }"#,
        #"{ "model_aliases": { "a": { "model_id": "n" } } }"#,
      ], "duplicate-record 1.json:1:22"
    ),
    (
      .elasticsearch, [#"{ "count": 250, "trained_model_configs": [{ "model_id": "m" }] }"#],
      "partial-export 0.json:1:1"
    ),
    (.opensearch, [#"{ "trained_model_configs": [] }"#], "unknown-export 0.json:1:1"),
    (.opensearch, [#"{ "hits": { "hits": [{ "_id": "g" }] } }"#], "missing-field 0.json:1:22"),
    (
      .opensearch,
      [
        #"{ "hits": { "hits": [{ "_id": "g", "_source": { "name": "n", "access": "PUBLIC" } }] } }"#
      ], "unknown-word 0.json:1:47"
    ),
    (
      .opensearch,
      [
        #"{ "hits": { "hits": [{ "_id": "g", "_index": "model-group", "_source": { "name": "n" } }] } }"#
      ], "missing-field 0.json:1:72"
    ),
    (
      .opensearch,
      [
        #"{ "hits": { "total": { "value": 12 }, "hits": [{ "_id": "x", "_source": { "name": "n" } }] } }"#
      ], "partial-export 0.json:1:11"
    ),
    (
      .opensearch,
      [#"{ "persistent": { "plugins.ml_commons.model_access_control_enabled": "perhaps" } }"#],
      "wrong-type 0.json:1:70"
    ),
    (.opensearch, [#"{ "r": { "cluster_permissions": "all" } }"#], "wrong-type 0.json:1:33"),
  ])
  func saysWhatIsWrong(_ system: ExportSystem, _ texts: [String], _ fault: String) {
    #expect(faults(system, texts) == [fault])
  }

  /// Pages of one list belong together.
  @Test func pagesAddUp() {
    let page = #"{ "count": 3, "trained_model_configs": [{ "model_id": "ID" }] }"#
    let pages = ["a", "b", "c"].map { page.replacing("ID", with: $0) }
    #expect(faults(.elasticsearch, pages).isEmpty)
    #expect(faults(.elasticsearch, Array(pages.prefix(2))) == ["partial-export 0.json:1:1"])
  }

  /// The same thing twice is one thing; another thing of that name is an error.
  @Test func overlapsAreFine() throws {
    let model =
      #"{ "trained_model_configs": [{ "model_id": "m", "metadata": { "model_aliases": ["a"] } }] }"#
    let state =
      #"{ "metadata": { "trained_model_alias": { "model_aliases": { "a": { "model_id": "m" } } } } }"#
    #expect(try RegistryExport.of(.elasticsearch, [model, state]).records.count == 2)
    #expect(faults(.elasticsearch, [model, model]).isEmpty)
  }
}
