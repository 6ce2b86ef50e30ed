using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CreditUsage.Features.Shared;

/// <summary>Where a form may send somebody afterwards: addresses of this site, as a browser writes them.</summary>
public static class LocalAddress
{
    /// <summary>The address, or the site's start for one that is another site's or that a header cannot hold.</summary>
    public static string OrHome(string? address) => address is not null && Ascii.IsValid(address) && RedirectHttpResult.IsLocalUrl(address) ? address : "/";
}
