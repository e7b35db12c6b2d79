using System.Runtime.CompilerServices;

namespace ZmqLoop.Interop;

/// <summary>libzmq's opaque message: 64 bytes, aligned to a pointer. Short messages lie inside it, long ones behind it.</summary>
[InlineArray(8)]
internal struct zmq_msg_t
{
    private ulong _words;
}
