namespace CreditUsage.Data;

/// <summary>
/// The one subscription that this scope (a request, a verb or a job) may read and write. While none is entered, queries for what a
/// subscription owns find nothing and writes are refused.
/// </summary>
public sealed class CurrentSubscription
{
    public int? Id { get; private set; }

    /// <summary>Who acts, for the audit: an e-mail address, a key's name, a verb; the site itself where nobody does.</summary>
    public string Actor { get; set; } = "CreditUsage";

    /// <exception cref="InvalidOperationException">Another subscription was entered before in this scope.</exception>
    public void Enter(int subscriptionId)
    {
        if (Id is { } entered && entered != subscriptionId)
            throw new InvalidOperationException("A scope belongs to one subscription and cannot change to another.");
        Id = subscriptionId;
    }
}
