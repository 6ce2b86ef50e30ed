namespace CreditUsage.Platform;

/// <summary>A problem that the user can fix. The message is a sentence for the user and holds no secret.</summary>
public class UserFacingException : Exception
{
    public UserFacingException(string message) : base(message)
    {
    }

    public UserFacingException(string message, Exception? inner) : base(message, inner)
    {
    }
}

/// <summary>What the site has cannot be trusted, so that nothing of it is printed, saved or exported. Says what to do.</summary>
/// <param name="status">Of the answer.</param>
public sealed class UntrustedDataException(int status, string message) : UserFacingException(message)
{
    public int Status => status;
}
