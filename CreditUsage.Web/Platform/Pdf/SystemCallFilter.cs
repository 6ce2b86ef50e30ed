using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CreditUsage.Platform.Pdf;

/// <summary>
/// Refuses the system calls that no PDF needs and attacks on a kernel begin with: a program for its seccomp(2), in the form that bubblewrap loads.
/// Numbers are from the kernel's unistd.h. A deny list: Qt and glibc use others in each version.
/// </summary>
internal static class SystemCallFilter
{
    private const uint Allow = 0x7FFF0000, KillProcess = 0x80000000, Errno = 0x00050000;
    private const uint NotPermitted = Errno | 1, NoSuchCall = Errno | 38, NoSuchFamily = Errno | 97;
    private const ushort Load = 0x20, JumpIfEqual = 0x15, JumpIfAtLeast = 0x35, JumpIfAny = 0x45, Return = 0x06;

    // Offsets in struct seccomp_data; the lower half of the first argument on a little-endian machine.
    private const uint Number = 0, Machine = 4, FirstArgument = 16;
    private const uint AfUnix = 1;
    private const uint CloseOnExec = 1;

    /// <summary>CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET.</summary>
    private const uint NewNamespaces = 0x7E020000;

    /// <summary>Calls of x86-64 by the numbers of x32, which would pass by a list of others.</summary>
    private const uint X32 = 0x40000000;

    /// <summary>clone3 hides its flags in memory; glibc falls back to clone.</summary>
    private const uint Clone3 = 435;

    /// <summary>Newer than the common numbering: pidfd_getfd, process_madvise, open_tree to fspick, mount_setattr, quotactl_fd, io_uring.</summary>
    private static readonly uint[] SameEverywhere = [425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 440, 442, 443];

    /// <summary>ptrace and its kin, mounts, namespaces, keys, bpf, perf, userfaultfd, kexec, modules, reboot, swap, accounts, quotas, file handles, the kernel's log, clocks, names, ports.</summary>
    private static readonly uint[] OfX64 =
    [
        101, 310, 311, 312, 165, 166, 155, 161, 308, 272, 250, 248, 249, 321, 298, 323, 246, 320, 175, 313, 176, 169, 167, 168, 163, 179, 303, 304, 103, 164, 227, 305, 159, 212, 300, 170, 171, 172, 173, 154,
    ];

    private static readonly uint[] OfArm64 = [117, 270, 271, 272, 40, 39, 41, 51, 268, 97, 219, 217, 218, 280, 241, 282, 104, 294, 105, 273, 106, 142, 224, 225, 89, 60, 264, 265, 116, 170, 112, 266, 171, 18, 262, 161, 162];

    private static readonly Lazy<SafeFileHandle?> Kept = new(() => OfThisMachine() is { } filter ? Keep(filter) : null);

    /// <summary>Where a program of this account reads it, as long as this process lives: in memory, so that nothing is left behind and a full disk is no matter. Null where there is none.</summary>
    public static string? Path => Kept.Value is { } kept ? string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{kept.DangerousGetHandle()}") : null;

    /// <summary>Null where the kernel has no filters, or the processor's calls are not known here.</summary>
    private static byte[]? OfThisMachine() => !File.Exists("/proc/sys/kernel/seccomp/actions_avail") ? null : RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => Of(architecture: 0xC000003E, OfX64, socket: 41, clone: 56),
        Architecture.Arm64 => Of(architecture: 0xC00000B7, OfArm64, socket: 198, clone: 220),
        _ => null,
    };

    private static byte[] Of(uint architecture, uint[] denied, uint socket, uint clone) =>
    [
        .. Step(Load, Machine), .. Step(JumpIfEqual, architecture, ifTrue: 1), .. Step(Return, KillProcess),
        .. Step(Load, Number), .. Step(JumpIfAtLeast, X32, ifFalse: 1), .. Step(Return, NotPermitted),
        .. denied.Concat(SameEverywhere).SelectMany(call => Answer(call, NotPermitted)), .. Answer(Clone3, NoSuchCall),
        .. Step(JumpIfEqual, socket, ifFalse: 4), .. Step(Load, FirstArgument), .. Step(JumpIfEqual, AfUnix, ifTrue: 1), .. Step(Return, NoSuchFamily), .. Step(Return, Allow),
        .. Step(JumpIfEqual, clone, ifFalse: 4), .. Step(Load, FirstArgument), .. Step(JumpIfAny, NewNamespaces, ifFalse: 1), .. Step(Return, NotPermitted), .. Step(Return, Allow),
        .. Step(Return, Allow),
    ];

    private static byte[] Answer(uint call, uint answer) => [.. Step(JumpIfEqual, call, ifFalse: 1), .. Step(Return, answer)];

    /// <summary>struct sock_filter: code, two jumps by so many steps, a constant.</summary>
    private static byte[] Step(ushort code, uint constant, byte ifTrue = 0, byte ifFalse = 0)
    {
        var step = new byte[8];
        BinaryPrimitives.WriteUInt16LittleEndian(step, code);
        (step[2], step[3]) = (ifTrue, ifFalse);
        BinaryPrimitives.WriteUInt32LittleEndian(step.AsSpan(4), constant);
        return step;
    }

    private static SafeFileHandle? Keep(byte[] filter)
    {
        var descriptor = CreateMemoryFile([.. "system-calls\0"u8], CloseOnExec);
        if (descriptor < 0) return null;
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(handle, filter, fileOffset: 0);
        return handle;
    }

    [DllImport("libc", EntryPoint = "memfd_create"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CreateMemoryFile(byte[] name, uint flags);
}
