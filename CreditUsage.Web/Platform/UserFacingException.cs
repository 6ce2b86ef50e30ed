namespace CreditUsage.Platform;

/// <summary>A problem that a person can put right. The message is a sentence for that person and holds no secret.</summary>
public class UserFacingException : Exception
{
    public UserFacingException(string message) : base(message)
    {
    }

    public UserFacingException(string message, Exception? inner) : base(message, inner)
    {
    }
}
