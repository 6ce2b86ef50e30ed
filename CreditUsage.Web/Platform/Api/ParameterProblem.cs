using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace CreditUsage.Platform.Api;

/// <summary>What is wrong in the address of a call, for the description: <see cref="ApiAnswer.WrongParameter"/> writes it.</summary>
public sealed class ParameterProblem : ProblemDetails
{
    [Description("The parameter that is wrong.")]
    public string? Field { get; init; }
}
