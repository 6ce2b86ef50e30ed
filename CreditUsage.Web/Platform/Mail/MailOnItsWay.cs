using MailKit;

namespace CreditUsage.Platform.Mail;

/// <summary>How far a mail has got: from when the last of it is on its way, nobody but the mail server knows whether it was taken.</summary>
internal sealed class MailOnItsWay(Action gone) : ITransferProgress
{
    public bool IsGone { get; private set; }

    public void Report(long bytesTransferred, long totalSize)
    {
        if (IsGone || bytesTransferred < totalSize) return;
        IsGone = true;
        gone();
    }

    public void Report(long bytesTransferred)
    {
        // Without the size it is not known how far.
    }
}
