using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CreditUsage.Platform.Api;

public static class ApiDescription
{
    private static readonly IReadOnlyList<(string Name, string Description)> Tags =
    [
        ("Usage", "Usage events and their corrections: in, out and as a feed."),
        ("Report", "Months, their totals, their closing and their PDFs."),
        ("Credits", "Prices, purchases, balance and statement."),
        ("Top-up schedules", "Devices that are charged one credit a day."),
    ];

    /// <summary>What a call sends and is answered, by its operation id and then by "request" or status. A test holds them to their schemas.</summary>
    private static readonly Lazy<JsonObject> Examples = new(() =>
    {
        using var file = typeof(ApiDescription).Assembly.GetManifestResourceStream("ApiExamples.json")!;
        return JsonNode.Parse(file)!.AsObject();
    });

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = route => route.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(DescribeAsync);
        options.AddSchemaTransformer(DescribeAsync);
    });

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo { Title = "CreditUsage", Version = "v1", Description = "Usage events in, events and totals out. A key belongs to one subscription and has one scope." };
        document.Servers = [new OpenApiServer { Url = ServerOf(document) }];
        document.Tags = Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[ApiKeyAuthentication.SchemeName] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A key that an Administrator made on the page API keys, or the verb create-api-key printed.",
        };
        return Task.CompletedTask;
    }

    /// <summary>Without the host, which is the one by which the caller reached the API.</summary>
    private static string ServerOf(OpenApiDocument document)
    {
        var path = document.Servers?.Select(server => new Uri(server.Url!).AbsolutePath.TrimEnd('/')).FirstOrDefault();
        return string.IsNullOrEmpty(path) ? "/" : path;
    }

    /// <summary>A number is sent as a number, although the reader would also take it as text.</summary>
    private static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        if (schema.Type is { } type && (type.HasFlag(JsonSchemaType.Integer) || type.HasFlag(JsonSchemaType.Number))) (schema.Type, schema.Pattern) = (type & ~JsonSchemaType.String, null);
        return Task.CompletedTask;
    }

    private static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var scopes = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Select(data => data.Policy!).ToList();
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiKeyAuthentication.SchemeName, context.Document)] = scopes }];
        if (operation.Responses?.GetValueOrDefault("429") is OpenApiResponse tooMany)
            tooMany.Headers = new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } } };
        // A call without the month gets the answer to a wrong one, so the method allows it; the description does not.
        foreach (var month in operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameter.Name == "month") ?? []) month.Required = true;
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<TakesIdempotencyKey>().Any()) (operation.Parameters ??= []).Add(IdempotencyKey());
        AddExamples(operation);
        return Task.CompletedTask;
    }

    private static void AddExamples(OpenApiOperation operation)
    {
        if (Examples.Value[operation.OperationId!] is not JsonObject examples) return;
        foreach (var (place, example) in examples)
        {
            var content = place == "request" ? operation.RequestBody?.Content : operation.Responses?[place].Content;
            content!["application/json"].Example = example!.DeepClone();
        }
    }

    private static OpenApiParameter IdempotencyKey() => new()
    {
        Name = "Idempotency-Key",
        In = ParameterLocation.Header,
        Description = "The caller's name for this call. Sent again with the same body, the first answer is given again; with another body the call is refused.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255, Pattern = "^[!-~]+$" },
    };
}

/// <summary>Marks a route that reads the header Idempotency-Key.</summary>
public sealed record TakesIdempotencyKey;
