#if Server
  import GateServer
  import HTTPTransport
  import InMemoryTracing
  import Testing
  import Tracing

  /// Spans of requests.
  @Suite(.timeLimit(.minutes(20))) struct TracingTests {
    static let answering: HTTPTransport.Answering = { request in
      var response = WireResponse.text(request.segments.first == "broken" ? 503 : 404, "")
      if request.segments.first != "unknown" { response.note.route = "/{name}" }
      // What is done for a request finds its span.
      response.headers.set("X-Span", ServiceContext.current?.inMemorySpanContext?.spanID ?? "none")
      return response
    }

    @Test func everyRequestHasASpan() async throws {
      let tracer = InMemoryTracer(idGenerator: .incrementing)
      let sent = [
        "GET /one?password=x HTTP/1.1\r\nHost: x\r\nUser-Agent: test/1\r\nX-Request-Id: r-1\r\n\r\n",
        "PUT /broken HTTP/1.1\r\nHost: x\r\nin-memory-trace-id: t-7\r\nin-memory-span-id: s-7\r\n\r\n",
        "GET /unknown HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      ]
      let answer = try await Serving.run(tracer: tracer, answering: Self.answering) { port in
        try await RawConnection.exchange(port, sent)
      }
      #expect(answer.statuses == [404, 503, 404])
      #expect(!answer.text.contains("X-Span: none"))
      let spans = tracer.finishedSpans
      #expect(spans.map(\.operationName) == ["GET /{name}", "PUT /{name}", "GET"])
      #expect(spans.allSatisfy { $0.kind == .server })
      #expect(spans.map { $0.status?.code } == [nil, .error, nil])
      let first = try #require(spans.first).attributes
      #expect(first["http.request.method"]?.toSpanAttribute() == "GET")
      #expect(first["http.route"]?.toSpanAttribute() == "/{name}")
      #expect(first["url.path"]?.toSpanAttribute() == "/one")
      #expect(first["url.scheme"]?.toSpanAttribute() == "http")
      #expect(first["http.response.status_code"]?.toSpanAttribute() == 404)
      #expect(first["user_agent.original"]?.toSpanAttribute() == "test/1")
      #expect(first["client.address"]?.toSpanAttribute() == "127.0.0.1")
      #expect(first["modelgate.request_id"]?.toSpanAttribute() == "r-1")
      #expect(first["error.type"] == nil)
      var names: [String] = []
      first.forEach { name, _ in names.append(name) }
      #expect(!names.contains("url.query"))
      #expect(spans[1].attributes["error.type"]?.toSpanAttribute() == "503")
      // Whoever the headers name is the parent; without any, a trace begins.
      #expect(spans[1].traceID == "t-7" && spans[1].parentSpanID == "s-7")
      #expect(spans[0].parentSpanID == nil && spans[0].traceID != "t-7")
    }
  }
#endif
