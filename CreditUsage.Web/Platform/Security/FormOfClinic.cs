using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;

namespace CreditUsage.Platform.Security;

/// <summary>
/// Names the clinic in the token of every form, so that one that was opened in a clinic writes into no other after a switch in another tab (docs/decisions/0034).
/// </summary>
public sealed class FormOfClinic : IAntiforgeryAdditionalDataProvider
{
    private static readonly object Key = new();

    /// <summary>Whether the form of this request was refused as one of another clinic.</summary>
    public static bool WasOfAnother(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items.ContainsKey(Key);
    }

    public string GetAdditionalData(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.User.FindFirstValue(AppClaims.Subscription) ?? "";
    }

    public bool ValidateAdditionalData(HttpContext context, string additionalData)
    {
        ArgumentNullException.ThrowIfNull(context);
        // A form of before names none; of somebody with one clinic it cannot be another's.
        var isSame = additionalData == GetAdditionalData(context) || (string.IsNullOrEmpty(additionalData) && !AppClaims.HasSeveral(context.User));
        if (isSame || context.GetEndpoint()?.Metadata.GetMetadata<OfNoClinicAttribute>() is not null) return true;
        context.Items[Key] = true;
        return false;
    }
}

/// <summary>What is posted here concerns no clinic's data: it is taken from a page of any.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OfNoClinicAttribute : Attribute;
