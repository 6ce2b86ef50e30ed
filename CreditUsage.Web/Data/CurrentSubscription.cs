namespace CreditUsage.Data;

/// <summary>The subscription that this request, verb or job may use. While none is entered, queries for owned rows find nothing and writes are refused.</summary>
public sealed class CurrentSubscription
{
    public int? Id { get; private set; }

    /// <summary>For the audit: an e-mail address, a key's name, a verb or the site itself.</summary>
    public string Actor { get; set; } = "CreditUsage";

    /// <exception cref="InvalidOperationException">Another subscription was entered before in this scope.</exception>
    public void Enter(int subscriptionId)
    {
        if (Id is { } entered && entered != subscriptionId)
            throw new InvalidOperationException("A scope belongs to one subscription and cannot change to another.");
        Id = subscriptionId;
    }
}
