using System.Buffers;
using System.ComponentModel;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace CreditUsage.Platform.Api;

/// <summary>A status and its JSON; a refusal is problem details (RFC 9457).</summary>
public sealed record ApiAnswer(int Status, string Json) : IResult
{
    public const string ProblemJson = "application/problem+json";

    public static ApiAnswer Problem(int status, string detail, Action<Utf8JsonWriter>? more = null) => new(status, Text(json =>
    {
        json.WriteString("title", ReasonPhrases.GetReasonPhrase(status));
        json.WriteNumber("status", status);
        json.WriteString("detail", detail);
        more?.Invoke(json);
    }));

    public static ApiAnswer WrongParameter(string field, string message) => Problem(StatusCodes.Status422UnprocessableEntity, message, json => json.WriteString("field", field));

    public static string Text(Action<Utf8JsonWriter> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = Status < StatusCodes.Status400BadRequest ? "application/json; charset=utf-8" : ProblemJson;
        return httpContext.Response.WriteAsync(Json, httpContext.RequestAborted);
    }
}

/// <summary>A call that cannot be read. The message repeats nothing that was sent, since that might be a key.</summary>
public sealed class ApiRefusedException(int status, string message) : UserFacingException(message)
{
    public ApiAnswer Answer => ApiAnswer.Problem(status, Message);
}

/// <summary>What is wrong in the address of a call, for the description: <see cref="ApiAnswer.WrongParameter"/> writes it.</summary>
public sealed class ParameterProblem : ProblemDetails
{
    [Description("The parameter that is wrong.")]
    public string? Field { get; init; }
}
