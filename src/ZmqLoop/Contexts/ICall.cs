namespace ZmqLoop;

/// <summary>A call to be made under captured contexts; a struct, so that none is allocated.</summary>
internal interface ICall
{
    void Invoke();
}
