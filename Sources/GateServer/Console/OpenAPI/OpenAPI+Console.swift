extension OpenAPI {
  /// What is written about ModelGate's own API.
  static let consoleOperations = #"""
    {
     "POST /_modelgate/check": {
      "operationId": "check",
      "tags": ["ModelGate"],
      "summary": "Decide an evaluation, a batch, an array of evaluations, or one a line.",
      "parameters": [
       {
        "name": "explain",
        "in": "query",
        "description": "Whether decisions carry clauses, values and missing facts.",
        "schema": {"type": "boolean"}
       }
      ],
      "requestBody": {
       "required": true,
       "content": {
        "application/json": {
         "schema": {
          "anyOf": [
           {"$ref": "#/components/schemas/Evaluation"},
           {"$ref": "#/components/schemas/Evaluations"},
           {"type": "array", "items": {"$ref": "#/components/schemas/Evaluation"}}
          ]
         }
        },
        "application/x-ndjson": {"schema": {"type": "string"}}
       }
      },
      "responses": {
       "200": {
        "description": "Decisions, in the form in which they were asked for.",
        "content": {
         "application/json": {
          "schema": {
           "anyOf": [
            {"$ref": "#/components/schemas/Decision"},
            {"$ref": "#/components/schemas/EvaluationsAnswer"},
            {"type": "array"}
           ]
          }
         },
         "application/x-ndjson": {"schema": {"type": "string"}}
        }
       },
       "400": {"$ref": "#/components/responses/ConsoleError"},
       "401": {"$ref": "#/components/responses/ConsoleError"},
       "403": {"$ref": "#/components/responses/ConsoleError"},
       "429": {"$ref": "#/components/responses/ConsoleError"},
       "503": {"$ref": "#/components/responses/ConsoleError"}
      }
     },
     "GET /_modelgate/policies": {
      "operationId": "policies",
      "tags": ["ModelGate"],
      "summary": "Which policies are in force.",
      "responses": {
       "200": {
        "description": "Revision, documents, and why the last load failed.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Policies"}}}
       },
       "400": {"$ref": "#/components/responses/ConsoleError"},
       "401": {"$ref": "#/components/responses/ConsoleError"},
       "403": {"$ref": "#/components/responses/ConsoleError"},
       "429": {"$ref": "#/components/responses/ConsoleError"},
       "503": {"$ref": "#/components/responses/ConsoleError"}
      }
     },
     "POST /_modelgate/policies/_reload": {
      "operationId": "reloadPolicies",
      "tags": ["ModelGate"],
      "summary": "Put the policies on disk in force.",
      "responses": {
       "200": {
        "description": "They are in force.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Reloaded"}}}
       },
       "400": {"$ref": "#/components/responses/ConsoleError"},
       "409": {"$ref": "#/components/responses/ConsoleError"},
       "422": {"$ref": "#/components/responses/ConsoleError"},
       "401": {"$ref": "#/components/responses/ConsoleError"},
       "403": {"$ref": "#/components/responses/ConsoleError"},
       "429": {"$ref": "#/components/responses/ConsoleError"},
       "503": {"$ref": "#/components/responses/ConsoleError"}
      }
     },
     "GET /_modelgate/directory": {
      "operationId": "directory",
      "tags": ["ModelGate"],
      "summary": "What is known of subjects and resources, in numbers.",
      "responses": {
       "200": {
        "description": "Revision, and why the last load failed.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/DirectoryState"}}
        }
       },
       "400": {"$ref": "#/components/responses/ConsoleError"},
       "401": {"$ref": "#/components/responses/ConsoleError"},
       "403": {"$ref": "#/components/responses/ConsoleError"},
       "429": {"$ref": "#/components/responses/ConsoleError"},
       "503": {"$ref": "#/components/responses/ConsoleError"}
      }
     },
     "POST /_modelgate/directory/_reload": {
      "operationId": "reloadDirectory",
      "tags": ["ModelGate"],
      "summary": "Read the entity files again.",
      "responses": {
       "200": {
        "description": "It is in force.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Reloaded"}}}
       },
       "400": {"$ref": "#/components/responses/ConsoleError"},
       "409": {"$ref": "#/components/responses/ConsoleError"},
       "422": {"$ref": "#/components/responses/ConsoleError"},
       "401": {"$ref": "#/components/responses/ConsoleError"},
       "403": {"$ref": "#/components/responses/ConsoleError"},
       "429": {"$ref": "#/components/responses/ConsoleError"},
       "503": {"$ref": "#/components/responses/ConsoleError"}
      }
     },
     "GET /_modelgate/log": {
      "operationId": "log",
      "tags": ["ModelGate"],
      "summary": "A page of the decision log.",
      "parameters": [
       {
        "name": "from",
        "in": "query",
        "description": "The first record; below zero, as many before the end. Default: 1.",
        "schema": {"type": "integer"}
       },
       {
        "name": "limit",
        "in": "query",
        "description": "How many at most. Default: 100.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 1000}
       },
       {
        "name": "outcome",
        "in": "query",
        "description": "Only this outcome.",
        "schema": {"type": "string", "enum": ["allow", "warn", "deny"]}
       },
       {
        "name": "kind",
        "in": "query",
        "description": "Only this kind.",
        "schema": {
         "type": "string",
         "enum": ["performed", "read", "refused", "evaluated", "dry_run", "abandoned", "policy"]
        }
       },
       {
        "name": "revision",
        "in": "query",
        "description": "Only what these policies decided.",
        "schema": {"type": "string"}
       },
       {
        "name": "asked_by",
        "in": "query",
        "description": "Only what this caller asked about others.",
        "schema": {"type": "string"}
       },
       {
        "name": "subject",
        "in": "query",
        "description": "Only about this subject.",
        "schema": {"type": "string"}
       },
       {
        "name": "action",
        "in": "query",
        "description": "Only this action.",
        "schema": {"type": "string"}
       },
       {
        "name": "resource",
        "in": "query",
        "description": "Only about this resource.",
        "schema": {"type": "string"}
       },
       {
        "name": "resource_type",
        "in": "query",
        "description": "Only about resources of this type.",
        "schema": {"type": "string"}
       }
      ],
      "responses": {
       "200": {
        "description": "Records as they were written, and where to go on.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/LogPage"}}}
       },
       "400": {"$ref": "#/components/responses/ConsoleError"},
       "401": {"$ref": "#/components/responses/ConsoleError"},
       "403": {"$ref": "#/components/responses/ConsoleError"},
       "429": {"$ref": "#/components/responses/ConsoleError"},
       "503": {"$ref": "#/components/responses/ConsoleError"}
      }
     },
     "GET /_modelgate/log/_head": {
      "operationId": "logHead",
      "tags": ["ModelGate"],
      "summary": "Where the chain of the log ends.",
      "responses": {
       "200": {
        "description": "The heads.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/LogHeads"}}}
       },
       "400": {"$ref": "#/components/responses/ConsoleError"},
       "401": {"$ref": "#/components/responses/ConsoleError"},
       "403": {"$ref": "#/components/responses/ConsoleError"},
       "429": {"$ref": "#/components/responses/ConsoleError"},
       "503": {"$ref": "#/components/responses/ConsoleError"}
      }
     },
     "GET /_modelgate/health": {
      "operationId": "health",
      "tags": ["ModelGate"],
      "summary": "The state of policies, directory, store and log.",
      "responses": {
       "200": {
        "description": "All is well.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Health"}}}
       },
       "400": {"$ref": "#/components/responses/ConsoleError"},
       "401": {"$ref": "#/components/responses/ConsoleError"},
       "403": {"$ref": "#/components/responses/ConsoleError"},
       "429": {"$ref": "#/components/responses/ConsoleError"},
       "503": {
        "description": "Something is not; or the caller can't be judged.",
        "content": {
         "application/json": {
          "schema": {
           "anyOf": [
            {"$ref": "#/components/schemas/Health"},
            {"$ref": "#/components/schemas/ConsoleError"}
           ]
          }
         }
        }
       }
      }
     },
     "GET /_modelgate/health/live": {
      "operationId": "live",
      "tags": ["ModelGate"],
      "summary": "The process answers.",
      "security": [],
      "responses": {
       "200": {
        "description": "It does.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Status"}}}
       }
      }
     },
     "GET /_modelgate/health/ready": {
      "operationId": "ready",
      "tags": ["ModelGate"],
      "summary": "Whether requests can be served.",
      "security": [],
      "responses": {
       "200": {
        "description": "They can.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Status"}}}
       },
       "503": {
        "description": "They can't.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Status"}}}
       }
      }
     },
     "GET /_modelgate/metrics": {
      "operationId": "metrics",
      "tags": ["ModelGate"],
      "summary": "Metrics in the text format of Prometheus.",
      "responses": {
       "200": {
        "description": "The metrics.",
        "content": {"text/plain": {"schema": {"type": "string"}}}
       },
       "400": {"$ref": "#/components/responses/ConsoleError"},
       "401": {"$ref": "#/components/responses/ConsoleError"},
       "403": {"$ref": "#/components/responses/ConsoleError"},
       "429": {"$ref": "#/components/responses/ConsoleError"},
       "503": {"$ref": "#/components/responses/ConsoleError"}
      }
     },
     "GET /_modelgate/openapi.json": {
      "operationId": "openapi",
      "tags": ["ModelGate"],
      "summary": "This document.",
      "security": [],
      "responses": {
       "200": {
        "description": "OpenAPI 3.1.",
        "content": {"application/json": {"schema": {"type": "object"}}}
       }
      }
     }
    }
    """#
}
