using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop;

public sealed partial class StackContext
{
    // Wrapping captures the contexts in force and the flow of AsyncLocals; the call enters them again. The overloads differ in shape only.

    /// <summary>
    /// Captures the contexts in force: the result runs the callback inside them, entered afresh, whenever and on whichever thread it is
    /// called. Everything of this library that stores a callback does this by itself; use it for what you store yourself.
    /// </summary>
    /// <remarks>
    /// Wrapping what is wrapped already gives the same object, so the first capture counts; null gives null. An exception that no captured
    /// context consumes leaves the call. AsyncLocals flow too, as with <c>Task.Run</c>. <c>stack_context.wrap</c> (tornado 4.5).
    /// </remarks>
    [return: NotNullIfNotNull(nameof(callback))]
    public static Action? Wrap(Action? callback) =>
        callback is null || WrappedCallback.IsWrapped(callback) ? callback : new WrappedAction(callback).Invoke;

    /// <inheritdoc cref="Wrap(Action)"/>
    [return: NotNullIfNotNull(nameof(callback))]
    public static Action<T>? Wrap<T>(Action<T>? callback) =>
        callback is null || WrappedCallback.IsWrapped(callback) ? callback : new WrappedAction<T>(callback).Invoke;

    /// <inheritdoc cref="Wrap(Action)"/>
    [return: NotNullIfNotNull(nameof(callback))]
    public static Action<T1, T2>? Wrap<T1, T2>(Action<T1, T2>? callback) =>
        callback is null || WrappedCallback.IsWrapped(callback) ? callback : new WrappedAction<T1, T2>(callback).Invoke;

    /// <inheritdoc cref="Wrap(Action)"/>
    [return: NotNullIfNotNull(nameof(callback))]
    public static Action<T1, T2, T3>? Wrap<T1, T2, T3>(Action<T1, T2, T3>? callback) =>
        callback is null || WrappedCallback.IsWrapped(callback) ? callback : new WrappedAction<T1, T2, T3>(callback).Invoke;

    /// <summary>As <see cref="Wrap(Action)"/>; where a context consumes the exception, the call returns the default value.</summary>
    [return: NotNullIfNotNull(nameof(callback))]
    public static Func<TResult>? Wrap<TResult>(Func<TResult>? callback) =>
        callback is null || WrappedCallback.IsWrapped(callback) ? callback : new WrappedFunc<TResult>(callback).Invoke;

    /// <inheritdoc cref="Wrap{TResult}(Func{TResult})"/>
    [return: NotNullIfNotNull(nameof(callback))]
    public static Func<T, TResult>? Wrap<T, TResult>(Func<T, TResult>? callback) =>
        callback is null || WrappedCallback.IsWrapped(callback) ? callback : new WrappedFunc<T, TResult>(callback).Invoke;

    /// <inheritdoc cref="Wrap{TResult}(Func{TResult})"/>
    [return: NotNullIfNotNull(nameof(callback))]
    public static Func<T1, T2, TResult>? Wrap<T1, T2, TResult>(Func<T1, T2, TResult>? callback) =>
        callback is null || WrappedCallback.IsWrapped(callback) ? callback : new WrappedFunc<T1, T2, TResult>(callback).Invoke;

    /// <summary>As <see cref="Wrap(Action)"/>, for an async function: the contexts are asked about the exception that it ends with, too;
    /// where one consumes it, the task ends successfully.</summary>
    [return: NotNullIfNotNull(nameof(callback))]
    public static Func<Task>? Wrap(Func<Task>? callback) =>
        callback is null || WrappedCallback.IsWrapped(callback) ? callback : new WrappedAsync(callback).Invoke;

    /// <inheritdoc cref="Wrap(Func{Task})"/>
    [return: NotNullIfNotNull(nameof(callback))]
    public static Func<T, Task>? Wrap<T>(Func<T, Task>? callback) =>
        callback is null || WrappedCallback.IsWrapped(callback) ? callback : new WrappedAsync<T>(callback).Invoke;

    /// <inheritdoc cref="Wrap(Func{Task})"/>
    [return: NotNullIfNotNull(nameof(callback))]
    public static Func<T1, T2, Task>? Wrap<T1, T2>(Func<T1, T2, Task>? callback) =>
        callback is null || WrappedCallback.IsWrapped(callback) ? callback : new WrappedAsync<T1, T2>(callback).Invoke;
}
