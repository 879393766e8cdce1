import ModelRegistry
import RegistryRaces
import StoreContract
import Testing

/// Records are kept as they are, and what is not a record of ours is damage.
@Suite struct RecordTests {
  @Test(arguments: 0..<300)
  func recordsComeBack(_ seed: UInt64) throws {
    let texts = HostileTexts.all + HostileTexts.some(20, seed: seed)
    for record in SampleRecords.all(texts, seed: seed) {
      let (kind, name) = record.key.parts
      let bytes = record.bytes
      let back = try Record(kind: kind, name: name, bytes: bytes)
      // Strings are equal when they look alike, bytes when they are.
      #expect(back == record)
      #expect(back.bytes == bytes)
      #expect(RecordKey(kind: kind, name: name) == record.key)
    }
  }

  @Test func everyKindIsTried() {
    #expect(
      Set(SampleRecords.all(["a"], seed: 1).map(\.key.parts.kind)) == Set(Record.Kind.allCases))
  }

  @Test(arguments: [
    ("alias", "a", #"{"name":"a","model":"m","more":1}"#, "a newer one wrote it"),
    ("alias", "a", #"{"name":"a"}"#, "has no `model`"),
    ("alias", "a", #"{"name":"a","model":1}"#, "`model` of the alias `a` has a wrong type"),
    ("alias", "b", #"{"name":"a","model":"m"}"#, "the alias `b` is that of `a`"),
    ("alias", "e\u{301}", #"{"name":"é","model":"m"}"#, "is that of `é`"),
    ("alias", "a", #"{"name":"a","model":"m"#, "is not JSON"),
    ("alias", "a", "[]", "is not an object"),
    ("alias", "a", "", "is not JSON"),
    ("policy", "", #"{"revision":"1","name":""}"#, "a newer one wrote it"),
    (
      "group", "g",
      #"{"id":"g","name":"g","latest_version":0,"backend_roles":[],"access":"open","created_time":0,"last_updated_time":0}"#,
      "`access` of the group `g` is `open`, which this version does not know"
    ),
    (
      "group", "g",
      #"{"id":"g","name":"g","latest_version":0,"backend_roles":[1],"access":"public","created_time":0,"last_updated_time":0}"#,
      "`backend_roles` of the group `g` has a wrong type"
    ),
    (
      "group", "g",
      #"{"id":"g","name":"g","latest_version":0,"backend_roles":[],"owner":{"name":"o","backend_roles":[],"roles":[],"x":1},"access":"public","created_time":0,"last_updated_time":0}"#,
      "`owner` of the group `g` has members that this version does not know"
    ),
    (
      "groupModel", "m",
      #"{"id":"m","name":"m","version":1,"hidden":0,"state":"","created_time":0,"last_updated_time":0}"#,
      "`hidden` of the groupModel `m` has a wrong type"
    ),
  ])
  func damageIsNamed(_ kind: String, _ name: String, _ text: String, _ message: String) throws {
    let kind = try #require(Record.Kind(rawValue: kind))
    let error = #expect(throws: StoreError.self) {
      try Record(kind: kind, name: name, bytes: Array(text.utf8))
    }
    guard case .damaged(let said)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(said.contains(message), "\(said)")
  }

  /// Any single byte that is missing from a record is noticed, or was a byte of a text.
  @Test func cutRecordsAreDamage() throws {
    for record in SampleRecords.all(["name"], seed: 3) where record.key.parts.kind != .definition {
      let (kind, name) = record.key.parts
      for count in 0..<record.bytes.count {
        #expect(throws: StoreError.self) {
          try Record(kind: kind, name: name, bytes: Array(record.bytes[..<count]))
        }
      }
    }
  }

  @Test func namesThatLookAlikeAreTwo() {
    #expect("é" == "e\u{301}", "Swift's own comparison")
    #expect(RecordKey.group("é") != RecordKey.group("e\u{301}"))
    #expect(RecordKey.group("é") != RecordKey.groupName("é"))
    #expect(RecordSet.pipelines(naming: "é") != RecordSet.pipelines(naming: "e\u{301}"))
    #expect(GroupRange.backendRole("é") != GroupRange.backendRole("e\u{301}"))
    #expect(GroupRange.owner("é") != GroupRange.owner("e\u{301}"))
    #expect(GroupRange.id("é") == GroupRange.id("é"))
    #expect(Set([RecordKey.alias("é"), .alias("e\u{301}"), .alias("é")]).count == 2)
    var reads = ReadSet()
    reads.note(.group("é"), nil)
    reads.note(.group("e\u{301}"), nil)
    #expect(reads.records.count == 2)
  }

  @Test func hostileTextsDiffer() {
    #expect(Set(HostileTexts.all.map { Array($0.utf8) }).count == HostileTexts.all.count)
  }
}
