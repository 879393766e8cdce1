import GateServer
import ModelRegistry
import Testing

/// Searches: which queries find what, in which order, and what is shown.
@Suite struct OpenSearchSearchTests {
  static let search = "/_plugins/_ml/model_groups/_search"

  /// Five groups whose ids say what they are; the clock begins on 2023-11-14.
  static func filled(as user: String = "user1") async throws -> OpenSearchWorld {
    let world = try await OpenSearchWorld()
    for body in [
      #"{"model_group_id":"a","name":"Fraud detection","description":"Cards, and what's stolen","access_mode":"public"}"#,
      #"{"model_group_id":"b","name":"fraud_scoring v1.5","backend_roles":["IT"]}"#,
      #"{"model_group_id":"c","name":"Flight delay","description":"delay of the flight"}"#,
      #"{"model_group_id":"d","name":"模型组 7","add_all_backend_roles":true}"#,
    ] { _ = try await world.group(body) }
    _ = try await world.group(#"{"model_group_id":"e","name":"Theirs"}"#, as: "user3")
    return world
  }

  @Test(arguments: [
    ("", "abcd"),
    (#""query":{"match_all":{"boost":2}}"#, "abcd"),
    (#""query":{"match_none":{}}"#, ""),
    (#""query":{"term":{"name.keyword":"Fraud detection"}}"#, "a"),
    (
      #""query":{"term":{"name.keyword":{"value":"fraud DETECTION","case_insensitive":true}}}"#, "a"
    ),
    (#""query":{"term":{"name.keyword":"fraud detection"}}"#, ""),
    (#""query":{"term":{"name":"fraud"}}"#, "a"),
    (#""query":{"term":{"name":"Fraud"}}"#, ""),
    (#""query":{"term":{"_id":"c"}}"#, "c"),
    (#""query":{"terms":{"_id":["d","e","a","x"]}}"#, "ad"),
    (#""query":{"ids":{"values":["d","c"]}}"#, "cd"),
    (#""query":{"terms":{"access":["private","public"]}}"#, "ac"),
    (#""query":{"term":{"backend_roles.keyword":"HR"}}"#, "d"),
    (#""query":{"terms":{"backend_roles":["hr","it"]}}"#, "bd"),
    (#""query":{"term":{"latest_version":0}}"#, "abcd"),
    (#""query":{"term":{"latest_version":"1"}}"#, ""),
    (#""query":{"term":{"unmapped":"x"}}"#, ""),
    (#""query":{"exists":{"field":"description"}}"#, "ac"),
    (#""query":{"exists":{"field":"backend_roles"}}"#, "bd"),
    (#""query":{"exists":{"field":"owner"}}"#, ""),
    (#""query":{"nested":{"path":"owner","query":{"exists":{"field":"owner.name"}}}}"#, "abcd"),
    (
      #""query":{"nested":{"path":"owner","query":{"term":{"owner.name.keyword":"user1"}}}}"#,
      "abcd"
    ),
    (#""query":{"nested":{"path":"owner","query":{"term":{"owner.name.keyword":"user2"}}}}"#, ""),
    (#""query":{"nested":{"path":"owner","query":{"term":{"name.keyword":"Flight delay"}}}}"#, ""),
    (#""query":{"nested":{"path":"x","ignore_unmapped":true,"query":{"match_all":{}}}}"#, ""),
    (#""query":{"term":{"owner.name.keyword":"user1"}}"#, ""),
    (#""query":{"match":{"name":"FRAUD delay"}}"#, "ac"),
    (#""query":{"match":{"name":{"query":"fraud delay","operator":"and"}}}"#, ""),
    (#""query":{"match":{"name":{"query":"flight delay x","minimum_should_match":2}}}"#, "c"),
    (#""query":{"match":{"name":{"query":"flight delay x","minimum_should_match":"-1"}}}"#, "c"),
    (#""query":{"match":{"name":{"query":"flight delay x y","minimum_should_match":"75%"}}}"#, ""),
    (#""query":{"match":{"name":"1.5"}}"#, ""),
    (#""query":{"match":{"name":"v1.5"}}"#, "b"),
    (#""query":{"match":{"name":"型"}}"#, "d"),
    (#""query":{"match":{"description":"WHAT'S"}}"#, "a"),
    (#""query":{"match":{"access":"public"}}"#, "a"),
    (#""query":{"match":{"latest_version":"0"}}"#, "abcd"),
    (#""query":{"match":{"name":"!?"}}"#, ""),
    (#""query":{"match_phrase":{"description":"the flight"}}"#, "c"),
    (#""query":{"match_phrase":{"description":"flight the"}}"#, ""),
    (#""query":{"match_phrase":{"description":{"query":"delay OF","slop":0}}}"#, "c"),
    (#""query":{"match_phrase_prefix":{"name":"fraud det"}}"#, "a"),
    (#""query":{"multi_match":{"query":"flight","fields":["name^2","desc*"]}}"#, "c"),
    (#""query":{"multi_match":{"query":"public"}}"#, "a"),
    (#""query":{"prefix":{"name.keyword":"F"}}"#, "ac"),
    (#""query":{"prefix":{"name.keyword":{"value":"f","case_insensitive":true}}}"#, "abc"),
    (#""query":{"prefix":{"name":{"value":"fraud"}}}"#, "ab"),
    (#""query":{"prefix":{"name.keyword":"F*"}}"#, ""),
    (#""query":{"wildcard":{"name.keyword":{"wildcard":"F?a*n"}}}"#, "a"),
    (#""query":{"wildcard":{"name.keyword":"*la*"}}"#, "c"),
    (#""query":{"range":{"created_time":{"gte":"now-1d"}}}"#, "abcd"),
    (#""query":{"range":{"created_time":{"gte":"2023-11-14","lt":"2023-11-15"}}}"#, "abcd"),
    (#""query":{"range":{"created_time":{"gt":"2023-11-14"}}}"#, ""),
    (#""query":{"range":{"created_time":{"lte":"2023-11-14"}}}"#, "abcd"),
    (
      #""query":{"range":{"created_time":{"gte":"2023-11-14T22:13:20Z","format":"strict_date_optional_time||epoch_millis"}}}"#,
      "abcd"
    ),
    (#""query":{"range":{"created_time":{"gte":"2023-11-15T00:13:20+02:00"}}}"#, "abcd"),
    (#""query":{"range":{"created_time":{"gte":"2023-11-14T22:13:21"}}}"#, ""),
    (#""query":{"range":{"created_time":{"gte":"2023-12||-1M/M","lte":"now/y"}}}"#, "abcd"),
    (#""query":{"range":{"created_time":{"lt":"now/w"}}}"#, ""),
    (#""query":{"range":{"created_time":{"gte":1700000000000,"lte":null}}}"#, "abcd"),
    (
      #""query":{"range":{"created_time":{"from":"1700000000000","to":"1700000001000","include_upper":false}}}"#,
      "abcd"
    ),
    (#""query":{"term":{"created_time":"2023"}}"#, "abcd"),
    (#""query":{"range":{"latest_version":{"gt":0}}}"#, ""),
    (#""query":{"range":{"name.keyword":{"gte":"Fr","lt":"g"}}}"#, "ab"),
    (#""query":{"bool":{}}"#, "abcd"),
    (
      #""query":{"bool":{"must":{"match":{"name":"fraud"}},"must_not":[{"term":{"_id":"b"}}]}}"#,
      "a"
    ),
    (
      #""query":{"bool":{"filter":[{"term":{"access":"restricted"}},{"match":{"backend_roles":"hr"}}]}}"#,
      "d"
    ),
    (#""query":{"bool":{"should":[{"term":{"_id":"a"}},{"term":{"_id":"c"}}]}}"#, "ac"),
    (#""query":{"bool":{"must":[{"match_all":{}}],"should":[{"term":{"_id":"a"}}]}}"#, "abcd"),
    (
      #""query":{"bool":{"must":[{"match_all":{}}],"should":[{"term":{"_id":"a"}}],"minimum_should_match":1}}"#,
      "a"
    ),
    (#""query":{"bool":{"must_not":{"exists":{"field":"description"}}}}"#, "bd"),
    (#""query":{"constant_score":{"filter":{"term":{"_id":"b"}},"boost":1.5}}"#, "b"),
    (#""query":{"dis_max":{"queries":[{"term":{"_id":"b"}},{"term":{"_id":"d"}}]}}"#, "bd"),
    (#""query":{"query_string":{"query":"fraud*"}}"#, "ab"),
    (#""query":{"query_string":{"default_field":"name","query":"Fraud AND detection"}}"#, "a"),
    (#""query":{"query_string":{"query":"name:fraud OR name:\"flight delay\""}}"#, "ac"),
    (#""query":{"query_string":{"query":"flight -fraud","default_operator":"AND"}}"#, "c"),
    (#""query":{"query_string":{"query":"(delay OR detection) AND NOT public"}}"#, "c"),
    (#""query":{"query_string":{"query":"access:(public OR private)"}}"#, "ac"),
    (#""query":{"query_string":{"query":"_exists_:description +cards"}}"#, "a"),
    (#""query":{"query_string":{"query":"created_time:[2023-11-14 TO *}"}}"#, "abcd"),
    (#""query":{"query_string":{"query":"*"}}"#, "abcd"),
    (#""size":2,"sort":"name.keyword""#, "ca"),
    (#""size":2,"from":3,"sort":[{"name.keyword":{"order":"asc"}}]"#, "d"),
    (#""sort":[{"created_time":"desc"}]"#, "dcba"),
    (#""sort":[{"access":"desc"},{"_id":{"order":"desc"}}]"#, "dbac"),
    (#""sort":[{"backend_roles.keyword":{"order":"asc","missing":"_first"}},"_doc"]"#, "acdb"),
    (#""sort":["_score",{"unmapped":{"unmapped_type":"long"}}]"#, "abcd"),
    (#""size":0"#, ""),
    (#""from":9"#, ""),
    (#""timeout":"10s","version":true,"track_scores":"false","query":{"ids":{"values":[]}}"#, ""),
  ])
  func finds(_ body: String, _ ids: String) async throws {
    let world = try await Self.filled()
    let answer = try await world.send("POST", Self.search, "{\(body)}")
    #expect(answer.status == 200, "\(answer)")
    #expect(answer.ids.joined() == ids)
    // `GET` with a body, and the body as a parameter, are the same search.
    let got = try await world.send("GET", Self.search, "{\(body)}")
    #expect(got.ids == answer.ids)
  }

  @Test(arguments: [
    ("", "parse_exception", "request body or source parameter is required"),
    (#"{"query":{"foo":{}}}"#, "parsing_exception", "unknown query [foo]"),
    (
      #"{"query":{"regexp":{"name":"a"}}}"#, "illegal_argument_exception",
      "[regexp] queries are not served; served are [bool, constant_score, dis_max, exists, ids, match, match_all, match_none, match_phrase, match_phrase_prefix, multi_match, nested, prefix, query_string, range, term, terms, wildcard]"
    ),
    (
      #"{"aggs":{}}"#, "illegal_argument_exception",
      "[aggs] is not served in searches; served are [_source, from, query, size, sort, track_total_hits]"
    ),
    (#"{"foo":"x"}"#, "parsing_exception", "Unknown key for a VALUE_STRING in [foo]."),
    (#"{"query":{}}"#, "illegal_argument_exception", "query malformed, empty clause found"),
    (
      #"{"query":{"match_all":{},"match_none":{}}}"#, "parsing_exception",
      "[match_all] malformed query, expected [END_OBJECT] but found [FIELD_NAME]"
    ),
    (
      #"{"query":[]}"#, "parsing_exception",
      "Failed to parse object: expecting token of type [START_OBJECT] but found [START_ARRAY]"
    ),
    (
      #"{"query":{"term":{"a":"b","c":"d"}}}"#, "parsing_exception",
      "[term] query doesn't support multiple fields, found [a] and [c]"
    ),
    (
      #"{"query":{"term":{"latest_version":"one"}}}"#, "number_format_exception",
      #"For input string: "one""#
    ),
    (
      #"{"query":{"range":{"created_time":{"gte":"yesterday"}}}}"#, "parse_exception",
      "failed to parse date field [yesterday] of [created_time] with format [strict_date_time||epoch_millis]"
    ),
    (
      #"{"query":{"range":{"created_time":{"gte":"now","time_zone":"Europe/Berlin"}}}}"#,
      "illegal_argument_exception",
      "[time_zone] is not served except for [UTC]; dates may have an offset of their own"
    ),
    (
      #"{"query":{"nested":{"path":"name","query":{"match_all":{}}}}}"#, "query_shard_exception",
      "failed to create query: [nested] failed to find nested object under path [name]"
    ),
    (
      #"{"query":{"match":{"name":{"query":"a","fuzziness":1}}}}"#, "parsing_exception",
      "[match] query does not support [fuzziness]"
    ),
    (
      #"{"query":{"match_phrase":{"name":{"query":"a","slop":1}}}}"#,
      "illegal_argument_exception", "[slop] is not served: words of a phrase follow each other"
    ),
    (
      #"{"query":{"query_string":{"query":"fraud~2"}}}"#, "query_shard_exception",
      "Failed to parse query [fraud~2]: weights and fuzzy words are not served at character 6; served are words, phrases, wildcards, fields, ranges, AND, OR, NOT and parentheses"
    ),
    (
      #"{"query":{"query_string":{"query":"(a"}}}"#, "query_shard_exception",
      "Failed to parse query [(a]: expected `)` at character 3; served are words, phrases, wildcards, fields, ranges, AND, OR, NOT and parentheses"
    ),
    (
      #"{"sort":"name"}"#, "illegal_argument_exception",
      "[name] is a text, which can't be sorted by; sort by [name.keyword]"
    ),
    (#"{"sort":"foo"}"#, "query_shard_exception", "No mapping found for [foo] in order to sort on"),
    (
      #"{"size":-1}"#, "illegal_argument_exception",
      "[size] must be a whole number from 0, found [-1]"
    ),
    (
      #"{"size":10,"from":9991}"#, "illegal_argument_exception",
      "Result window is too large, from + size must be less than or equal to: [10000] but was [10001]."
    ),
    (
      #"{"_source":{"only":["a"]}}"#, "parsing_exception",
      "Unknown key for a START_ARRAY in [only]."
    ),
  ])
  func refuses(_ body: String, _ type: String, _ reason: String) async throws {
    let world = try await OpenSearchWorld()
    let answer = try await world.send("POST", Self.search, body.isEmpty ? nil : body)
    #expect(answer.status == 400 && answer.type == type, "\(answer)")
    #expect(answer.reason == reason)
  }

  @Test(arguments: [
    (#"true"#, "name,latest_version,description,owner,access,created_time,last_updated_time"),
    (#"false"#, "name,latest_version,description,owner,access,created_time,last_updated_time"),
    (#""name""#, "name"),
    (#"["na*","owner.name"]"#, "name,owner"),
    (#"{"includes":["owner"],"excludes":["*.roles"]}"#, "owner"),
    (#"{"exclude":["*_time","owner"]}"#, "name,latest_version,description,access"),
    (#"{"includes":"*.name"}"#, "owner"),
    (#"["nothing"]"#, ""),
  ])
  func shows(_ source: String, _ members: String) async throws {
    let world = try await Self.filled()
    let answer = try await world.send(
      "POST", Self.search, #"{"_source":\#(source),"query":{"ids":{"values":["a"]}}}"#)
    let found = try #require(answer.at("hits.hits.0._source") as? [String: Any])
    #expect(Set(found.keys) == Set(members.split(separator: ",").map(String.init)))
    if source.contains("roles") {
      #expect(answer.text("hits.hits.0._source.owner.name") == "user1")
      #expect(answer.at("hits.hits.0._source.owner.roles") == nil)
    }
  }

  @Test func theAnswerIsWhole() async throws {
    let world = try await OpenSearchWorld()
    let empty = try await world.send("POST", Self.search, "{}")
    let took = try #require(empty.number("took"))
    #expect(
      empty.body
        == #"{"took":\#(took),"timed_out":false,"_shards":{"total":0,"successful":0,"skipped":0,"failed":0},"hits":{"total":{"value":0,"relation":"eq"},"max_score":0.0,"hits":[]}}"#
    )
    _ = try await world.group(#"{"name":"n","model_group_id":"g","access_mode":"public"}"#)
    let found = try await world.send(
      "POST", Self.search,
      #"{"_source":["name"],"sort":[{"created_time":"asc"},"name.keyword",{"description":{"unmapped_type":"x"}}]}"#
    )
    #expect(found.status == 400)
    let sorted = try await world.send(
      "POST", Self.search,
      #"{"_source":["name"],"track_total_hits":true,"sort":[{"created_time":"asc"},"name.keyword","backend_roles.keyword"]}"#
    )
    let (version, time, last) = (
      try #require(sorted.number("hits.hits.0._version")),
      try #require(sorted.number("hits.hits.0.sort.0")), try #require(sorted.number("took"))
    )
    #expect(
      sorted.body
        == #"{"took":\#(last),"timed_out":false,"_shards":{"total":1,"successful":1,"skipped":0,"failed":0},"hits":{"total":{"value":1,"relation":"eq"},"max_score":null,"hits":[{"_index":".plugins-ml-model-group","_id":"g","_version":\#(version),"_seq_no":\#(version),"_primary_term":1,"_score":null,"_source":{"name":"n"},"sort":[\#(time),"n",null]}]}}"#
    )
    let untracked = try await world.send("POST", Self.search, #"{"track_total_hits":false}"#)
    #expect(untracked.at("hits.total") == nil && untracked.at("hits.max_score") as? Double == 1)
    let capped = try await world.send("POST", Self.search, #"{"track_total_hits":0,"size":0}"#)
    #expect(capped.text("hits.total.relation") == "gte" && capped.number("hits.total.value") == 0)
    let source = try await world.send(
      "GET",
      Self.search + "?source=%7B%22size%22%3A0%7D&source_content_type=application%2Fjson")
    #expect(source.status == 200 && source.ids.isEmpty && source.number("hits.total.value") == 1)
    #expect(try await world.send("GET", Self.search + "?source=%7B%7D").status == 400)
  }

  @Test func modelsAreFoundWithTheirGroups() async throws {
    let world = try await OpenSearchWorld()
    let search = "/_plugins/_ml/models/_search"
    let open = try await OpenSearchModelTests.register(
      world, #"{"name":"open","access_mode":"public","function_name":"remote","connector_id":"c"}"#)
    let mine = try await OpenSearchModelTests.register(
      world,
      #"{"name":"mine","function_name":"remote","model_config":{"embedding_dimension":384,"model_type":"bert"},"is_enabled":true}"#
    )
    _ = try await OpenSearchModelTests.register(
      world, #"{"name":"hidden","function_name":"remote"}"#, as: "CN=kirk")
    for (user, wanted) in [("user1", [mine, open]), ("user3", [open]), ("admin", [mine, open])] {
      let found = try await world.send(
        "POST", search, #"{"sort":"name.keyword"}"#, as: user)
      #expect(found.ids == wanted, "\(user): \(found)")
    }
    let group = try #require(
      try await world.send("GET", "/_plugins/_ml/models/\(mine)").text("model_group_id"))
    for query in [
      #"{"term":{"model_group_id":"\#(group)"}}"#,
      #"{"term":{"model_config.embedding_dimension":384}}"#,
      #"{"match":{"name":"MINE"}}"#, #"{"ids":{"values":["\#(mine)"]}}"#,
      #"{"term":{"is_enabled":true}}"#, #"{"exists":{"field":"model_config"}}"#,
      #"{"bool":{"must":[{"term":{"algorithm":"REMOTE"}},{"term":{"model_version":"1"}}],"must_not":[{"exists":{"field":"chunk_number"}},{"term":{"name.keyword":"open"}}]}}"#,
    ] {
      let found = try await world.send("GET", search, #"{"query":\#(query)}"#)
      #expect(found.ids == [mine], "\(query): \(found)")
      #expect(found.text("hits.hits.0._index") == ".plugins-ml-model")
    }
  }

  @Test func limitsOfSearches() async throws {
    let world = try await OpenSearchWorld()
    func status(_ body: String) async throws -> Int {
      try await world.send("POST", Self.search, body).status
    }
    let clause = #"{"match_all":{}}"#
    for (count, wanted) in [
      (ServerLimits.searchClauses - 1, 200), (ServerLimits.searchClauses, 400),
    ] {
      let clauses = Array(repeating: clause, count: count).joined(separator: ",")
      #expect(try await status(#"{"query":{"bool":{"should":[\#(clauses)]}}}"#) == wanted)
    }
    for (count, wanted) in [
      (ServerLimits.searchPattern, 200), (ServerLimits.searchPattern + 1, 400),
    ] {
      let pattern = String(repeating: "x", count: count)
      #expect(try await status(#"{"query":{"wildcard":{"name":"\#(pattern)"}}}"#) == wanted)
    }
    for (count, wanted) in [(ServerLimits.sortFields, 200), (ServerLimits.sortFields + 1, 400)] {
      let fields = Array(repeating: #""_doc""#, count: count).joined(separator: ",")
      #expect(try await status(#"{"sort":[\#(fields)]}"#) == wanted)
    }
    for (count, wanted) in [
      (ServerLimits.sourcePatterns, 200), (ServerLimits.sourcePatterns + 1, 400),
    ] {
      let names = Array(repeating: #""a""#, count: count).joined(separator: ",")
      #expect(try await status(#"{"_source":[\#(names)]}"#) == wanted)
    }
    #expect(try await status(#"{"from":\#(RegistryLimits.searchWindow - 10)}"#) == 200)
  }

  /// However a query is put together, it can't keep the server busy.
  @Test func costlySearchesEnd() async throws {
    #expect(ServerLimits.searchSteps >= 1_000_000)
    let world = try await OpenSearchWorld()
    let description = String(repeating: "ab ", count: 20_000)
    for number in 0..<10 {
      _ = try await world.group(#"{"name":"g\#(number)","description":"\#(description)"}"#)
    }
    let pattern = String(repeating: "*a", count: 499)
    let clause = #"{"wildcard":{"description":"\#(pattern)"}}"#
    let many = Array(repeating: clause, count: 1_000).joined(separator: ",")
    let answer = try await world.send(
      "POST", Self.search, #"{"query":{"bool":{"should":[\#(many)]}}}"#)
    #expect(answer.status == 400, "\(answer)")
    #expect(
      answer.reason
        == "the search compares too much; search for fewer things, or for ids or whole names")
  }
}
