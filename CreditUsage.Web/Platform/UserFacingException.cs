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
