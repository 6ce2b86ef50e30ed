using CreditUsage.Core;

namespace CreditUsage.Platform.Api;

/// <summary>A call that cannot be read. Nothing that was sent is repeated in the message: it might hold a key.</summary>
/// <param name="status">400 to 499.</param>
/// <param name="message">What is wrong and what to do about it.</param>
public sealed class ApiRefusedException(int status, string message) : UserFacingException(message)
{
    public ApiAnswer Answer => ApiAnswer.Problem(status, Message);
}
