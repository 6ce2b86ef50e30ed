using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Api;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>/openapi/v1.json lists every call, status and field, and what is really sent and answered agrees with it.</summary>
[Collection(ApiCollection.Name)]
public sealed class ApiDescriptionTests(ApiSite api)
{
    private static readonly string[] Always = ["401", "403", "429", "500", "503", "507"];

    [Fact]
    public async Task Every_route_is_described_with_its_statuses_and_its_key()
    {
        var description = await DescriptionAsync();
        var described = description.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (operation.Name.ToUpperInvariant(), path.Name)));
        var routes = api.Site.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(method => (method, endpoint.RoutePattern.RawText!)));
        Assert.Equal(routes.Order(), described.Order());

        AssertStatuses(description, "/api/v1/usage-events", "post", ApiScopes.WriteUsage, ["200", "400", "409", "413", "415", "422", .. Always]);
        AssertStatuses(description, "/api/v1/usage-events", "get", ApiScopes.ReadReports, ["200", "422", .. Always]);
        AssertStatuses(description, "/api/v1/months", "get", ApiScopes.ReadReports, ["200", "409", .. Always]);
        AssertStatuses(description, "/api/v1/months/{month}/close", "post", ApiScopes.CloseMonths, ["200", "202", "400", "404", "409", "413", "415", "422", .. Always]);
        AssertStatuses(description, "/api/v1/usage-changes", "get", ApiScopes.ReadReports, ["200", "422", .. Always]);
        AssertStatuses(description, "/api/v1/statement", "get", ApiScopes.ReadReports, ["200", "422", .. Always]);
        AssertStatuses(description, "/api/v1/usage-events/{event_id}", "get", ApiScopes.ReadReports, ["200", "404", .. Always]);
        AssertStatuses(description, "/api/v1/usage-report", "get", ApiScopes.ReadReports, ["200", "422", .. Always]);
        var scheme = description.GetProperty("components").GetProperty("securitySchemes").GetProperty("ApiKey");
        Assert.Equal(("http", "bearer"), (scheme.GetProperty("type").GetString(), scheme.GetProperty("scheme").GetString()));
    }

    [Fact]
    public async Task It_is_read_without_a_key_and_names_the_server_that_was_asked_without_its_host()
    {
        using var visitor = new Visitor(api.Site);
        using var answer = await visitor.GetAsync("/openapi/v1.json");
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal);
        Assert.Equal("/", Assert.Single(JsonDocument.Parse(text).RootElement.GetProperty("servers").EnumerateArray()).GetProperty("url").GetString());
    }

    [Fact]
    public async Task Every_type_is_exact_and_every_tag_is_described()
    {
        var description = await DescriptionAsync();
        var loose = Schemas(description, "").Where(schema => schema.Schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.Array
            && type.EnumerateArray().Count(one => one.GetString() != "null") > 1).Select(schema => schema.Place);
        Assert.Empty(loose);
        var tags = description.GetProperty("tags").EnumerateArray().ToDictionary(tag => tag.GetProperty("name").GetString()!, tag => tag.GetProperty("description").GetString());
        Assert.All(Operations(description), operation => Assert.All(operation.GetProperty("tags").EnumerateArray(), tag => Assert.NotEmpty(tags[tag.GetString()!]!)));
    }

    [Fact]
    public async Task Every_body_has_an_example_that_is_as_described()
    {
        var description = await DescriptionAsync();
        foreach (var operation in Operations(description))
        {
            var name = operation.GetProperty("operationId").GetString()!;
            var bodies = operation.GetProperty("responses").EnumerateObject().Where(response => response.Name[0] == '2').Select(response => response.Value).ToList();
            if (operation.TryGetProperty("requestBody", out var request)) bodies.Add(request);
            foreach (var body in bodies.Select(body => body.GetProperty("content")).Where(content => content.TryGetProperty("application/json", out _)).Select(content => content.GetProperty("application/json")))
                Assert.Equal([], Faults(description, body.GetProperty("schema"), body.GetProperty("example"), name));
        }
    }

    [Fact]
    public async Task An_event_to_send_has_the_fields_of_the_CSV_and_no_others()
    {
        var description = await DescriptionAsync();
        var body = Resolve(description, Operation(description, "/api/v1/usage-events", "post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema"));
        var schema = Resolve(description, body.GetProperty("items"));
        Assert.Equal(UsageInput.Fields, schema.GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal(["event_id", "kind", "occurred_at", "staff_id", "staff_name", "program"], schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        var header = Operation(description, "/api/v1/usage-events", "post").GetProperty("parameters").EnumerateArray().Single();
        Assert.Equal(("Idempotency-Key", "header"), (header.GetProperty("name").GetString(), header.GetProperty("in").GetString()));
    }

    [Fact]
    public async Task What_is_answered_is_what_is_described()
    {
        var description = await DescriptionAsync();
        using var writer = await api.CallerAsync();
        using var reader = await api.CallerAsync(writer.Subscription, ApiScopes.ReadReports);
        var sent = new JsonArray(ApiCaller.Session("E1", more: [("cost_gbp", 9.45m)]), ApiCaller.TopUp("E2"));
        var operation = Operation(description, "/api/v1/usage-events", "post");
        Assert.Equal([], Faults(description, operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema"), JsonDocument.Parse(sent.ToJsonString()).RootElement, "sent"));

        Agrees(description, "/api/v1/usage-events", "post", await writer.PostAsync(sent.ToJsonString()), HttpStatusCode.OK);
        Agrees(description, "/api/v1/usage-events", "post", await writer.StoreAsync(ApiCaller.Session("E1", more: [("program", "Pain")])), HttpStatusCode.Conflict);
        Agrees(description, "/api/v1/usage-events", "post", await writer.StoreAsync(ApiCaller.Session("E3", "yesterday")), HttpStatusCode.UnprocessableEntity);
        Agrees(description, "/api/v1/usage-events", "post", await writer.PostAsync("{"), HttpStatusCode.BadRequest);
        Agrees(description, "/api/v1/usage-events", "post", await writer.PostAsync(Encoding.UTF8.GetBytes("x"), contentType: "text/plain"), HttpStatusCode.UnsupportedMediaType);
        Agrees(description, "/api/v1/usage-events", "post", await reader.StoreAsync(ApiCaller.Session("E3")), HttpStatusCode.Forbidden);
        Agrees(description, "/api/v1/usage-events", "get", await reader.GetAsync("/api/v1/usage-events?month=2026-10"), HttpStatusCode.OK);
        Agrees(description, "/api/v1/usage-events", "get", await reader.GetAsync("/api/v1/usage-events"), HttpStatusCode.UnprocessableEntity);
        Agrees(description, "/api/v1/usage-report", "get", await reader.GetAsync("/api/v1/usage-report?month=2026-10"), HttpStatusCode.OK);
        Agrees(description, "/api/v1/usage-events/{event_id}", "get", await reader.GetAsync("/api/v1/usage-events/E1"), HttpStatusCode.OK);
        Agrees(description, "/api/v1/usage-events/{event_id}", "get", await reader.GetAsync("/api/v1/usage-events/none"), HttpStatusCode.NotFound);
        foreach (var path in new[] { "months", "credit-prices", "balance", "ledger-entries" }) Agrees(description, $"/api/v1/{path}", "get", await reader.GetAsync($"/api/v1/{path}"), HttpStatusCode.OK);
        Agrees(description, "/api/v1/usage-changes", "get", await reader.GetAsync("/api/v1/usage-changes"), HttpStatusCode.OK);
        Agrees(description, "/api/v1/usage-changes", "get", await reader.GetAsync("/api/v1/usage-changes?after=x"), HttpStatusCode.UnprocessableEntity);
        foreach (var path in new[] { "statement", "saved-reports" }) Agrees(description, $"/api/v1/{path}", "get", await reader.GetAsync($"/api/v1/{path}?month=2026-10"), HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_check_of_this_test_sees_what_is_wrong()
    {
        var description = await DescriptionAsync();
        var schema = Operation(description, "/api/v1/usage-events", "post").GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        foreach (var wrong in new[] { """{"accepted":1}""", """{"accepted":"1","duplicates":0}""", """{"accepted":1,"duplicates":0,"more":1}""", "[]" })
            Assert.NotEmpty(Faults(description, schema, JsonDocument.Parse(wrong).RootElement, "answer"));
    }

    private async Task<JsonElement> DescriptionAsync()
    {
        using var visitor = new Visitor(api.Site);
        return JsonDocument.Parse(await visitor.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative))).RootElement;
    }

    private static void AssertStatuses(JsonElement description, string path, string method, string scope, IEnumerable<string> statuses)
    {
        var operation = Operation(description, path, method);
        Assert.Equal(statuses.Order(StringComparer.Ordinal), operation.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order(StringComparer.Ordinal));
        Assert.Equal([scope], operation.GetProperty("security")[0].GetProperty("ApiKey").EnumerateArray().Select(name => name.GetString()));
        if (operation.TryGetProperty("parameters", out var parameters))
            foreach (var month in parameters.EnumerateArray().Where(parameter => parameter.GetProperty("name").GetString() == "month")) Assert.True(month.GetProperty("required").GetBoolean());
        Assert.True(operation.GetProperty("responses").GetProperty("429").GetProperty("headers").TryGetProperty("Retry-After", out _));
        Assert.All(operation.GetProperty("responses").EnumerateObject(), response => Assert.Equal(
            response.Name is "200" or "202" ? "application/json" : "application/problem+json", Assert.Single(response.Value.GetProperty("content").EnumerateObject()).Name));
    }

    private static void Agrees(JsonElement description, string path, string method, ApiReply reply, HttpStatusCode status)
    {
        Assert.Equal(status, reply.Status);
        var content = Operation(description, path, method).GetProperty("responses").GetProperty($"{(int)status}").GetProperty("content").GetProperty(reply.MediaType!);
        Assert.Equal([], Faults(description, content.GetProperty("schema"), reply.Json, "answer"));
    }

    private static IEnumerable<JsonElement> Operations(JsonElement description) => description.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(operation => operation.Value);

    private static IEnumerable<(string Place, JsonElement Schema)> Schemas(JsonElement within, string place) => within.ValueKind switch
    {
        JsonValueKind.Object => within.EnumerateObject().SelectMany(member => Schemas(member.Value, $"{place}/{member.Name}")).Prepend((place, within)),
        JsonValueKind.Array => within.EnumerateArray().SelectMany((item, index) => Schemas(item, $"{place}/{index}")),
        _ => [],
    };

    private static JsonElement Operation(JsonElement description, string path, string method) => description.GetProperty("paths").GetProperty(path).GetProperty(method);

    private static JsonElement Resolve(JsonElement description, JsonElement schema)
    {
        while (schema.TryGetProperty("$ref", out var name)) schema = description.GetProperty("components").GetProperty("schemas").GetProperty(name.GetString()!.Split('/')[^1]);
        return schema;
    }

    /// <summary>Types, required and unknown members, and what is within: as much of JSON Schema as the description uses.</summary>
    private static List<string> Faults(JsonElement description, JsonElement schema, JsonElement value, string place)
    {
        schema = Resolve(description, schema);
        if (schema.TryGetProperty("oneOf", out var choices)) return choices.EnumerateArray().Select(choice => Faults(description, choice, value, place)).MinBy(found => found.Count)!;
        if (schema.TryGetProperty("type", out var type) && !Types(type).Contains(TypeOf(value))) return [$"{place} is {TypeOf(value)} and not {type}"];
        return value.ValueKind switch
        {
            JsonValueKind.Object => ObjectFaults(description, schema, value, place),
            JsonValueKind.Array => [.. value.EnumerateArray().SelectMany((item, index) => Faults(description, schema.GetProperty("items"), item, $"{place}[{index}]"))],
            _ => [],
        };
    }

    private static List<string> ObjectFaults(JsonElement description, JsonElement schema, JsonElement value, string place)
    {
        var properties = schema.GetProperty("properties");
        var faults = new List<string>();
        if (schema.TryGetProperty("required", out var required)) faults.AddRange(required.EnumerateArray().Select(name => name.GetString()!).Where(name => !value.TryGetProperty(name, out _)).Select(name => $"{place} lacks {name}"));
        foreach (var member in value.EnumerateObject())
        {
            if (properties.TryGetProperty(member.Name, out var found)) faults.AddRange(Faults(description, found, member.Value, $"{place}.{member.Name}"));
            else faults.Add($"{place} has {member.Name}, which is not described");
        }
        return faults;
    }

    private static IEnumerable<string> Types(JsonElement type)
    {
        foreach (var name in type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!])
        {
            yield return name;
            if (name == "number") yield return "integer";
        }
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.Null => "null",
        _ => "boolean",
    };
}
